import type { MessageCodec } from '@rookery/contracts/nest';

/** An integration event as a consumer gets it. */
export interface ReceivedEvent<M = unknown> {
  /** One name for this event in the whole system. */
  readonly id: string;
  /** Which of the types that the handler names. */
  readonly type: MessageCodec<M>;
  readonly message: M;
  readonly key: string;
  /** When it was recorded, in ms since the epoch, by the clock of its service's database. */
  readonly occurredAt: number;
  /** Empty when the event has none. */
  readonly correlationId: string;
}

/** Whether an event is of this type; its message then is too. */
export function isOf<M>(event: ReceivedEvent, type: MessageCodec<M>): event is ReceivedEvent<M> {
  return event.type === type;
}
