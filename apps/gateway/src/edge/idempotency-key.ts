import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

import { type Problem, refuse } from './problem.js';

/** The metadata by which providers know a repeat. */
export const IDEMPOTENCY_KEY = 'idempotency-key';

const KEY = /^[\x21-\x7e]{1,255}$/;
/** As the IETF's draft has it, a structured string; most clients leave the quotes out. */
const QUOTED = /^"(.*)"$/;

/** What a request that changes something is called by: the header `Idempotency-Key`, or a name of its own. */
export function idempotencyKeyOf(headers: IncomingHttpHeaders): string {
  const given = headers[IDEMPOTENCY_KEY];
  if (given === undefined) return randomUUID();
  const text = Array.isArray(given) ? given.join(', ') : given;
  const key = QUOTED.exec(text)?.[1] ?? text;
  if (KEY.test(key)) return key;
  throw refuse(400, 'IDEMPOTENCY_KEY_INVALID', 'Idempotency-Key: 1 to 255 visible ASCII characters, without spaces');
}

/**
 * Whoever hears that a provider was not there, or not in time, does not know whether a change was made: the document says
 * so, and by which key the same request, sent again, is made once at most.
 */
export function withUnknownOutcome(problem: Problem, idempotencyKey: string): Problem {
  if (problem.status !== 503 && problem.status !== 504) return problem;
  const detail = `${problem.detail}; whether the change was made is not known: ask, or send it again with this Idempotency-Key`;
  return { ...problem, detail, metadata: { ...problem.metadata, outcome: 'unknown', idempotencyKey } };
}
