import { type RunningEdge, contractOf, known, provider, startEdge } from './edge-harness.js';
import type { EdgeLimits } from '../src/edge/listener.js';
import type { StreamLimits } from '../src/streams/edge-streams.js';

/** A contract with every way in which one can be reached over HTTP. */
export const library = contractOf('library.proto', 'gateway.test.Library');

/** The edge in front of providers of that contract. */
export function startLibrary(
  limits: Partial<EdgeLimits> = {},
  streamLimits: Partial<StreamLimits> = {},
): Promise<RunningEdge> {
  return startEdge([provider('library', known(library, 'a'))], limits, streamLimits);
}
