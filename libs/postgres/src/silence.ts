import type { DomainError } from '@rookery/runtime';
import { unavailable } from './store-failure.js';

/** Between two attempts to reach a server that has fallen silent. */
const PAUSE_MS = 200;

/**
 * Whether the server has stopped answering. As long as it has, nobody waits for it: attempts to reach it are made one after the
 * other beside all that is asked, and the first that succeeds ends the silence.
 */
export class Silence {
  private silent = false;
  private count = 0;
  private isClosed = false;
  private timer: NodeJS.Timeout | undefined;
  private readonly waiting = new Set<() => void>();

  /** @param reach resolves when the server has answered on a connection of its own */
  constructor(private readonly reach: () => Promise<void>) {}

  get isOn(): boolean {
    return this.silent;
  }

  /** How often the server has fallen silent: what was opened at an earlier count may be as dead as what was found silent. */
  get era(): number {
    return this.count;
  }

  begin(): void {
    if (this.isOn || this.isClosed) return;
    this.silent = true;
    this.count++;
    this.attempt();
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const giveUp of waiting) giveUp();
  }

  /** The same; or STORE_UNAVAILABLE when a silence begins first. `unwanted` then takes what comes all the same. */
  unlessItBegins<T>(promise: Promise<T>, unwanted: (late: T) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const giveUp = (): void => reject(stoppedAnswering());
      this.waiting.add(giveUp);
      promise.then(
        (value) => (this.waiting.delete(giveUp) ? resolve(value) : unwanted(value)),
        (error: Error) => {
          this.waiting.delete(giveUp);
          reject(error);
        },
      );
    });
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
  }

  private attempt(): void {
    this.reach().then(
      () => (this.silent = false),
      () => {
        if (!this.isClosed) this.timer = setTimeout(() => this.attempt(), PAUSE_MS);
      },
    );
  }
}

export function stoppedAnswering(): DomainError {
  return unavailable('it has stopped answering');
}
