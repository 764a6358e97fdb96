/** A task that one process at a time is to run. */
export interface Leadership {
  /** Aborted when this process is the leader no longer, or cannot be sure of it. */
  readonly signal: AbortSignal;
  /** Gives it up, so that another can take it at once. */
  release(): Promise<void>;
}

/**
 * Elects who runs a task. It is a matter of economy, not of safety: a leader may not yet know that it is one no longer, so
 * what it writes is fenced by the checkpoint's compare-and-swap, or by a stream's version.
 */
export abstract class Election {
  /** Waits until this process leads in `task`, or `signal` is aborted: then it rejects with the signal's reason. */
  abstract lead(task: string, signal: AbortSignal): Promise<Leadership>;

  /** What keeps this process from being elected in anything, as of its last attempt; undefined when nothing does. */
  abstract readonly failure: unknown;
}
