import type { MessageCodec } from '@rookery/contracts/nest';

/** A fact for other services, in the words of a contract. */
export interface IntegrationEvent {
  readonly type: MessageCodec<unknown>;
  readonly message: unknown;
  /** What it is about, such as an order id: events of one key reach each consumer in their order. */
  readonly key: string;
}

/** @param type a message of `…_events.proto` */
export function integrationEvent<M>(type: MessageCodec<M>, message: NoInfer<M>, key: string): IntegrationEvent {
  return { type, message, key };
}
