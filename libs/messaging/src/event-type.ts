import { eventNames } from '@rookery/contracts/messages';
import type { MessageCodec } from '@rookery/contracts/nest';

/** A message of `…_events.proto`: what a contract says that can have happened. */
export type EventType<M = unknown> = MessageCodec<M>;

/** The full name of an integration event, by its codec. Throws a TypeError for a message that is none. */
export function eventNameOf(type: EventType): string {
  const name = eventNames.get(type);
  if (name === undefined) throw new TypeError('an integration event is a message of a contract …_events.proto');
  return name;
}
