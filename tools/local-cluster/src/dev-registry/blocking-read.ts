import type { Random, Scheduler } from '@rookery/runtime';
import type { AgentCatalogue } from './agent-catalogue.js';
import { parseGoDuration } from './go-duration.js';

const DEFAULT_WAIT_MS = 300_000;
const MAX_WAIT_MS = 600_000;

export interface BlockingParameters {
  /** 0: answer at once. */
  readonly index: number;
  readonly waitMs: number;
}

/** Reads `index` and `wait`, or says in Consul's words what is wrong with them. */
export function parseBlocking(query: URLSearchParams): BlockingParameters | { readonly problem: string } {
  const index = query.get('index') ?? '0';
  if (!/^\d+$/.test(index)) return { problem: 'Invalid index' };
  const wait = query.get('wait');
  const waitMs = wait === null ? DEFAULT_WAIT_MS : parseGoDuration(wait);
  if (typeof waitMs !== 'number') return { problem: 'Invalid wait time' };
  return { index: Number(index), waitMs: waitMs > 0 ? Math.min(MAX_WAIT_MS, waitMs) : DEFAULT_WAIT_MS };
}

export interface HoldOptions extends BlockingParameters {
  readonly catalogue: AgentCatalogue;
  readonly indexOf: () => number;
  readonly random: Random;
  readonly scheduler: Scheduler;
  /** The asker has gone, or the registry stops. */
  readonly signal: AbortSignal;
}

/**
 * Resolves when the index has passed `index`, or after the wait and up to a 16th of it, which spreads clients that came
 * together. An index that the registry has not reached yet waits too: it may be of an earlier life.
 */
export function hold(options: HoldOptions): Promise<void> {
  const { catalogue, index, indexOf, random, scheduler, signal, waitMs } = options;
  if (index === 0 || indexOf() > index || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = (): void => {
      timer.cancel();
      change.cancel();
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = scheduler.timer(waitMs + (waitMs / 16) * random.next(), finish);
    const change = catalogue.onChange(() => {
      if (indexOf() > index) finish();
    });
    signal.addEventListener('abort', finish, { once: true });
  });
}
