import type { Problem } from '../edge/problem.js';

/** How long to wait before asking again: as the problem says, else `pauseMs`. Undefined where the answer would be the same. */
export function retryPause({ status, headers }: Problem, pauseMs: number): number | undefined {
  const seconds = headers?.['retry-after'];
  if (seconds !== undefined) return Number(seconds) * 1000;
  return PASSING.has(status) ? pauseMs : undefined;
}

/** What may be over the next time. 501 is not among them, nor what is wrong with the request. */
const PASSING = new Set([409, 429, 499, 500, 503, 504]);
