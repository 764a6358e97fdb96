import { eventNames } from '@rookery/contracts/messages';
import type { MessageCodec } from '@rookery/contracts/nest';

/** The full name of an integration event, by its codec. Throws a TypeError for a message that is none. */
export function eventNameOf(type: MessageCodec<unknown>): string {
  const name = eventNames.get(type);
  if (name === undefined) throw new TypeError('an integration event is a message of a contract …_events.proto');
  return name;
}
