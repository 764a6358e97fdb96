import { createHash } from 'node:crypto';
import { invalidField } from './invalid-field.js';

/** How much of a digest is enough that nobody makes a token up by accident. */
const DIGEST_BYTES = 9;

/**
 * Where a list of a customer's orders goes on, in a form that tells nothing. It is good for that customer alone; made up, it
 * would open nothing either, because a list shows its caller's own orders, wherever it begins.
 */
export function pageToken(customer: string, position: number): string {
  return Buffer.concat([digestOf(customer, position), Buffer.from(String(position))]).toString('base64url');
}

/** Undefined for an empty token: the first page. Throws INVALID_ARGUMENT for what `pageToken` has not made. */
export function positionIn(token: string, customer: string): number | undefined {
  if (token === '') return undefined;
  const position = Number(Buffer.from(token, 'base64url').subarray(DIGEST_BYTES).toString());
  if (Number.isSafeInteger(position) && pageToken(customer, position) === token) return position;
  throw invalidField('pageToken', 'must be the nextPageToken of a list of the same caller');
}

function digestOf(customer: string, position: number): Buffer {
  return createHash('sha256').update(`orders\0${position}\0${customer}`).digest().subarray(0, DIGEST_BYTES);
}
