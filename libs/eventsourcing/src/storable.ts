import type { Append } from './event-store.port.js';

/** What a store would change on the way in without a word: half a character; or cut off: what follows U+0000. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/** The first name in an append that no store can keep as it is. What events and answers hold is kept, whatever it is. */
export function unstorableName({ commands, events, stream }: Append): string | undefined {
  if (isUnstorable(stream)) return stream;
  for (const { event } of events) if (isUnstorable(event.type)) return event.type;
  for (const { commandId, principal, requestHash } of commands) {
    const name = [commandId, principal, requestHash].find(isUnstorable);
    if (name !== undefined) return name;
  }
  return undefined;
}

function isUnstorable(name: string): boolean {
  return UNSTORABLE.test(name);
}
