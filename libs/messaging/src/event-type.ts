import { eventNames } from '@rookery/contracts/messages';
import type { MessageCodec } from '@rookery/contracts/nest';

/** A message of `…_events.proto`: what a contract says that can have happened. */
export type EventType<M = unknown> = MessageCodec<M>;

/** The full name of an integration event, by its codec. Throws a TypeError for a message that is none, which names `user`. */
export function eventNameOf(type: EventType, user: object): string {
  const name = eventNames.get(type);
  if (name !== undefined) return name;
  const rule = 'an integration event is a message of proto/rookery/<service>/v1/<service>_events.proto';
  throw new TypeError(`${user.constructor.name} has a type that is no integration event: ${rule}`);
}
