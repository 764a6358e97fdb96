import { types } from 'node:util';

/** Whatever was thrown, as an Error. An error of another realm (a worker's, a test runner's) is one too. */
export function toError(thrown: unknown): Error {
  return types.isNativeError(thrown) ? thrown : new Error(String(thrown));
}
