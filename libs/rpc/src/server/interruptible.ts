/**
 * Waits for one thing at a time, and for no more once `signal` aborts: then `wait` resolves with undefined, at once and for
 * ever. Unlike a race against one long-lived promise it collects nothing over the life of a long stream.
 */
export class Interruptible {
  private interrupt: (() => void) | undefined;
  private readonly onAbort = (): void => this.interrupt?.();

  constructor(private readonly signal: AbortSignal) {
    signal.addEventListener('abort', this.onAbort, { once: true });
  }

  wait<T>(work: Promise<T>): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      this.interrupt = () => resolve(undefined);
      work.then(resolve, reject);
      if (this.signal.aborted) resolve(undefined);
    });
  }

  /** To be called at the end. */
  release(): void {
    this.signal.removeEventListener('abort', this.onAbort);
  }
}
