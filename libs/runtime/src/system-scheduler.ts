import { type Cancellable, Scheduler } from './scheduler.js';

/** The platform's timers end at once when they are set for longer. */
const LONGEST_MS = 2 ** 31 - 1;

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
    if (delayMs > LONGEST_MS) return longTimer(delayMs, task);
    const handle = setTimeout(task, delayMs).unref();
    return { cancel: () => clearTimeout(handle) };
  }

  interval(periodMs: number, task: () => void): Cancellable {
    if (periodMs > LONGEST_MS) return longInterval(periodMs, task);
    const handle = setInterval(task, periodMs).unref();
    return { cancel: () => clearInterval(handle) };
  }
}

/** In pieces that the platform takes, one after the other. */
function longTimer(delayMs: number, task: () => void): Cancellable {
  let leftMs = delayMs;
  let handle: NodeJS.Timeout;
  const wait = (): void => {
    const pieceMs = Math.min(leftMs, LONGEST_MS);
    leftMs -= pieceMs;
    handle = setTimeout(leftMs > 0 ? wait : task, pieceMs).unref();
  };
  wait();
  return { cancel: () => clearTimeout(handle) };
}

function longInterval(periodMs: number, task: () => void): Cancellable {
  let timer: Cancellable;
  const again = (): void => {
    timer = longTimer(periodMs, again);
    task();
  };
  timer = longTimer(periodMs, again);
  return { cancel: () => timer.cancel() };
}
