/**
 * How a stream ended: with the provider's last message; with a provider's error, before or after its first message; told to
 * come back; with a client that had gone, or that read no more.
 */
export type StreamOutcome = 'ended' | 'failed' | 'reconnect' | 'left' | 'stalled';

/** How far the stream of an exchange has come. */
export interface StreamProgress {
  messages: number;
  /** When its head was sent, by the monotonic clock. */
  openedAt: number | undefined;
  outcome: StreamOutcome | undefined;
}
