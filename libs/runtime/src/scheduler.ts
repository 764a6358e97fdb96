/** Something scheduled that can still be called off. Calling off twice, or after it ran, does nothing. */
export interface Cancellable {
  cancel(): void;
}

/** Runs work later. The only way for a kernel to touch the event loop. */
export abstract class Scheduler {
  /** Runs `task` before the event loop turns to I/O again. */
  abstract microtask(task: () => void): void;

  /** Runs `task` in a later turn, after pending I/O had its chance. */
  abstract macrotask(task: () => void): Cancellable;

  /** Runs `task` once after `delayMs`. Does not keep the process alive. */
  abstract timer(delayMs: number, task: () => void): Cancellable;

  /** Runs `task` every `periodMs`, first after one period. Does not keep the process alive. */
  abstract interval(periodMs: number, task: () => void): Cancellable;
}
