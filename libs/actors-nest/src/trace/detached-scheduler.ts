import { AsyncResource } from 'node:async_hooks';
import { type Cancellable, Scheduler } from '@rookery/runtime';

/** Stands for the surroundings of no call at all; made when no call is being served. */
const nowhere = new AsyncResource('rookery.actors');

/**
 * Runs what actors do outside of any call. Their turns follow each other in one go, which whoever sends first sets off: without
 * this they would all have that one's deadline, trace and token.
 */
export class DetachedScheduler extends Scheduler {
  constructor(private readonly inner: Scheduler) {
    super();
  }

  microtask(task: () => void): void {
    this.inner.microtask(detached(task));
  }

  macrotask(task: () => void): Cancellable {
    return this.inner.macrotask(detached(task));
  }

  timer(delayMs: number, task: () => void): Cancellable {
    return this.inner.timer(delayMs, detached(task));
  }

  interval(periodMs: number, task: () => void): Cancellable {
    return this.inner.interval(periodMs, detached(task));
  }
}

function detached(task: () => void): () => void {
  return () => nowhere.runInAsyncScope(task);
}
