import { TranscodingError } from './transcoding-error.js';

const LARGEST_DEPTH = 100;

/** No JSON value may nest deeper than 100 levels, so that no request can exhaust the stack. */
export function refuseDepth(depth: number): void {
  if (depth > LARGEST_DEPTH) throw new TranscodingError(`nested more than ${LARGEST_DEPTH} deep`);
}
