/** What a participant is asked over its channel. */
export type Question =
  | { readonly ask: 'cpu' }
  | { readonly ask: 'load'; readonly concurrency: number; readonly millis: number }
  | { readonly ask: 'work'; readonly millis: number };

/** What a closed loop of calls saw. */
export interface Load {
  readonly calls: number;
  readonly millis: number;
  /** CPU of the process that made the calls. */
  readonly cpuMicros: number;
  readonly p50Millis: number;
  readonly p99Millis: number;
}

/** What a process did of a work that it repeated until the time was up. */
export interface Work {
  readonly operations: number;
  /** As far as the work itself took, without what was cleared up between. */
  readonly millis: number;
  readonly cpuMicros: number;
  /** Of the heap, for each idle actor. */
  readonly bytesPerActor?: number;
}

/** What a participant says; services of the workspace say `ready` in the same form. */
export type Answer =
  | { readonly type: 'ready'; readonly [detail: string]: unknown }
  | { readonly type: 'cpu'; readonly micros: number }
  | { readonly type: 'load'; readonly load: Load }
  | { readonly type: 'work'; readonly work: Work }
  | { readonly type: 'failed'; readonly reason: string };

export function isQuestion(message: unknown): message is Question {
  return typeof message === 'object' && message !== null && 'ask' in message;
}

export function isAnswer(message: unknown): message is Answer {
  return typeof message === 'object' && message !== null && 'type' in message;
}
