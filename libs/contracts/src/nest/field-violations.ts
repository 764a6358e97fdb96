// Generated from proto/ by `npm run generate`; do not edit.

import type { FieldViolation } from './service-definition.js';

/** A request that is wrong in more places is described by the first ones. */
const LIMIT = 100;

/** The answer of a validator that found nothing. */
export const NONE: readonly FieldViolation[] = Object.freeze([]);

/** Adds a violation. The list is made with the first one, so that a good request allocates nothing. */
export function report(found: FieldViolation[] | undefined, field: string, description: string): FieldViolation[] {
  if (found === undefined) return [{ field, description }];
  if (found.length < LIMIT) found.push({ field, description });
  return found;
}

/** Adds what was found inside the message at `path`. */
export function nest(
  found: FieldViolation[] | undefined,
  path: string,
  inner: readonly FieldViolation[],
): FieldViolation[] | undefined {
  let list = found;
  for (const { field, description } of inner) list = report(list, `${path}.${field}`, description);
  return list;
}

/** True when a string has more characters (Unicode code points) than `limit`. */
export function isLonger(text: string, limit: number): boolean {
  return text.length > limit && codePoints(text) > limit;
}

/** True when a string has fewer characters (Unicode code points) than `limit`. */
export function isShorter(text: string, limit: number): boolean {
  return text.length < limit || (text.length < 2 * limit && codePoints(text) < limit);
}

/** A pair of surrogates is one character; what comes out of UTF-8 holds no lone ones. */
function codePoints(text: string): number {
  let count = text.length;
  for (let index = 0; index < text.length; index++) if ((text.charCodeAt(index) & 0xfc00) === 0xdc00) count--;
  return count;
}
