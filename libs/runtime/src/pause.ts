import type { Scheduler } from './scheduler.js';

/** Resolves after `durationMs`, or at once when `signal` aborts. */
export function pause(scheduler: Scheduler, durationMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted || durationMs <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = (): void => {
      timer.cancel();
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = scheduler.timer(durationMs, finish);
    signal.addEventListener('abort', finish, { once: true });
  });
}
