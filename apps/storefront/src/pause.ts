import type { Scheduler } from '@rookery/runtime';

/** Resolves after `durationMs`, or as soon as `leaving` aborts. */
export function pause(durationMs: number, scheduler: Scheduler, leaving: AbortSignal): Promise<void> {
  if (leaving.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      timer.cancel();
      leaving.removeEventListener('abort', end);
      resolve();
    };
    const timer = scheduler.timer(durationMs, end);
    leaving.addEventListener('abort', end);
  });
}
