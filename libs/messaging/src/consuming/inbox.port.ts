/**
 * The events that consumers have handled.
 *
 * @typeParam Tx the transaction of the store that an effect writes in
 */
export abstract class Inbox<Tx> {
  /** Notes these events as handled, in the transaction of what they lead to. Gives those that were not noted before. */
  abstract claim(consumer: string, eventIds: readonly string[], transaction: Tx): Promise<readonly string[]>;

  /** Drops what was handled this long ago, or longer, by the store's clock. */
  abstract forget(consumer: string, olderThanMs: number): Promise<void>;
}
