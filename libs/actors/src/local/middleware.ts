import type { SenderMiddleware, SpawnMiddleware } from './actor.js';

/** `middleware` around `innermost`, the first one outermost. */
export function chain<F>(middleware: readonly ((next: F) => F)[], innermost: F): F {
  return middleware.reduceRight((next, wrap) => wrap(next), innermost);
}

/** Around what is done outside of actors. */
export interface RootMiddleware {
  readonly senders?: readonly SenderMiddleware[];
  readonly spawners?: readonly SpawnMiddleware[];
}
