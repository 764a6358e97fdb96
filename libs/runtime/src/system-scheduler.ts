import { type Cancellable, Scheduler } from './scheduler.js';

/** The event loop of this process. */
export class SystemScheduler extends Scheduler {
  microtask(task: () => void): void {
    queueMicrotask(task);
  }

  macrotask(task: () => void): Cancellable {
    const handle = setImmediate(task);
    return { cancel: () => clearImmediate(handle) };
  }

  timer(delayMs: number, task: () => void): Cancellable {
    const handle = setTimeout(task, delayMs).unref();
    return { cancel: () => clearTimeout(handle) };
  }

  interval(periodMs: number, task: () => void): Cancellable {
    const handle = setInterval(task, periodMs).unref();
    return { cancel: () => clearInterval(handle) };
  }
}
