import { Election, type Leadership } from '../leadership.port.js';

interface Candidate {
  readonly signal: AbortSignal;
  readonly elect: (leadership: Leadership) => void;
}

/** Whoever asks first leads first. */
export class InMemoryElection extends Election {
  private readonly waiting = new Map<string, Candidate[]>();
  private readonly leaders = new Map<string, AbortController>();
  private obstacle: unknown;

  get failure(): unknown {
    return this.obstacle;
  }

  async lead(task: string, signal: AbortSignal): Promise<Leadership> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const giveUp = (): void => reject(signal.reason as Error);
      signal.addEventListener('abort', giveUp, { once: true });
      const elect = (leadership: Leadership): void => {
        signal.removeEventListener('abort', giveUp);
        resolve(leadership);
      };
      this.waiting.set(task, [...(this.waiting.get(task) ?? []), { signal, elect }]);
      this.electNext(task);
    });
  }

  /** What happens to a leader whose process is cut off: it hears so, and the next one leads. */
  depose(task: string): void {
    this.leaders.get(task)?.abort(new Error('it was deposed'));
    this.leaders.delete(task);
    this.electNext(task);
  }

  /** What happens when those who elect cannot be reached: nobody leads. It ends when there is no failure. */
  fail(failure: unknown): void {
    this.obstacle = failure;
    for (const task of [...this.waiting.keys()]) this.depose(task);
  }

  private electNext(task: string): void {
    if (this.obstacle !== undefined || this.leaders.has(task)) return;
    const [next, ...others] = (this.waiting.get(task) ?? []).filter(({ signal }) => !signal.aborted);
    this.waiting.set(task, others);
    if (next === undefined) return;
    const end = new AbortController();
    this.leaders.set(task, end);
    const release = async (): Promise<void> => {
      if (this.leaders.get(task) === end) this.depose(task);
    };
    next.elect({ signal: end.signal, release });
  }
}
