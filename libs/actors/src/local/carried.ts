import type { Carrier } from './carrier.port.js';
import type { SendingActor } from './cell-host.js';
import { type MessageHeaders, NO_HEADERS } from './message-headers.js';

/** An actor carries on what came with its message at hand; whoever is outside of actors, what is there now. */
export function carried(
  carrier: Carrier,
  from: SendingActor | undefined,
  headers: MessageHeaders | undefined,
): MessageHeaders | undefined {
  if (from !== undefined && (from.headers === undefined || from.headers === NO_HEADERS)) return headers;
  const outgoing = carrier.outgoing();
  return outgoing === undefined || headers === undefined ? (headers ?? outgoing) : { ...outgoing, ...headers };
}
