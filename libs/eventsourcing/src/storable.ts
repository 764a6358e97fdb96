import type { Append } from './event-store.port.js';

/** What a store would change on the way in without a word: half a character; or cut off: what follows U+0000. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/** The first name in an append that no store can keep as it is. What events and answers hold is kept, whatever it is. */
export function unstorableName({ commands, events, stream }: Append): string | undefined {
  const names = [stream, ...events.map(({ event }) => event.type)];
  for (const { commandId, principal, requestHash } of commands) names.push(commandId, principal, requestHash);
  return names.find((name) => UNSTORABLE.test(name));
}
