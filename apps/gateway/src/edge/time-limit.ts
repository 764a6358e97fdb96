import type { IncomingHttpHeaders } from 'node:http';

import { parseGrpcTimeout } from '@rookery/resilience';

import { refuse } from './problem.js';

/**
 * What the gateway keeps of a caller's time for itself and the way back: an answer that the provider gives at the very
 * end would reach the caller too late.
 */
const RESERVE_MS = 1;
const SECONDS = /^\d{1,8}(\.\d{1,6})?$/;

/**
 * How long a provider may take, from `Grpc-Timeout` (`100m`) or `Request-Timeout` (seconds), never more than `mostMs`,
 * which also holds when neither is there. 0 or less: there is no time left at all. Throws ProblemError.
 */
export function timeLimit(headers: IncomingHttpHeaders, mostMs: number): number {
  const grpc = headers['grpc-timeout'];
  const plain = headers['request-timeout'];
  if (grpc === undefined && plain === undefined) return mostMs;
  const asked = grpc === undefined ? secondsOf(plain) : parseGrpcTimeout(single(grpc));
  if (asked === undefined) {
    const [field, example] =
      grpc === undefined ? ['Request-Timeout', 'seconds such as 0.5'] : ['Grpc-Timeout', 'a value such as 500m'];
    const description = `expected ${example}`;
    throw refuse(400, 'TIMEOUT_INVALID', `${field}: ${description}`, { violations: [{ field, description }] });
  }
  return Math.min(asked - RESERVE_MS, mostMs);
}

function secondsOf(header: string | string[] | undefined): number | undefined {
  const text = single(header);
  return SECONDS.test(text) ? Number(text) * 1000 : undefined;
}

function single(header: string | string[] | undefined): string {
  return typeof header === 'string' ? header : '';
}
