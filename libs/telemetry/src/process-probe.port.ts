/** What the operating system and the engine say of this process. Totals count since the process began. */
export abstract class ProcessProbe {
  /** Seconds since the Unix epoch at which the process began. */
  abstract readonly startedAtSeconds: number;

  /** CPU time of all threads together. */
  abstract cpuMicros(): number;

  abstract memory(): {
    readonly residentBytes: number;
    readonly heapUsedBytes: number;
    readonly heapLimitBytes: number;
  };

  /** How long the event loop has worked and has waited for work. */
  abstract eventLoop(): { readonly activeMs: number; readonly idleMs: number };

  /** How long garbage collection has stopped the program. */
  abstract gcPauseMs(): number;

  /** Ends what it observes. */
  abstract close(): void;
}
