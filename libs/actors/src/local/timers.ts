/** Messages of an actor to itself, later. Each has a key; all end with the actor and when it is made again. */
export interface Timers<M = unknown> {
  /** Sends `message` once after `delayMs`. Replaces the timer of that key: none of its messages comes any more. */
  startSingle(key: string, message: M, delayMs: number): void;
  /** Sends `message` every `periodMs`. One that has not been handled yet is not sent again. */
  startPeriodic(key: string, message: M, periodMs: number): void;
  isActive(key: string): boolean;
  /** Its message does not come any more, also if it is waiting in the mailbox. */
  cancel(key: string): void;
  cancelAll(): void;
}
