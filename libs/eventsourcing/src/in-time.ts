import type { Clock, Scheduler } from '@rookery/runtime';
import { answerTime } from './host/patience.js';

/** The same; or `tooLate`, a little ahead of the deadline, for somebody who waits no longer than that. What is waited for goes on. */
export function inTime<T>(
  answer: Promise<T>,
  deadlineAt: number | undefined,
  { clock, scheduler }: { readonly clock: Clock; readonly scheduler: Scheduler },
  tooLate: () => Error,
): Promise<T> {
  if (deadlineAt === undefined || deadlineAt === Infinity) return answer;
  const now = clock.monotonic();
  return new Promise((resolve, reject) => {
    const timer = scheduler.timer(Math.max(0, answerTime(deadlineAt, now) - now), () => reject(tooLate()));
    const cancel = (): void => timer.cancel();
    answer.then(resolve, reject).finally(cancel);
  });
}
