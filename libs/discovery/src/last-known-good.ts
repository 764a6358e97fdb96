import type { Cancellable, Scheduler } from '@rookery/runtime';

export interface LastKnownGoodOptions<T> {
  readonly scheduler: Scheduler;
  /** How long something that an answer after a failure lacks is kept. */
  readonly graceMs: number;
  /** What an item owns alone (its addresses): a remembered item whose claim an answer gives to another is dropped. */
  readonly claimsOf: (item: T) => readonly string[];
  /** The grace ended and what was still missing is gone. */
  readonly onExpired: () => void;
}

/**
 * Remembers the registry's answers by key, and doubts them at the right moment. After `interrupt` the next answer may come
 * from a registry that lost its memory, so what it lacks is kept as unconfirmed for a grace. Every other answer is believed
 * word for word.
 */
export class LastKnownGood<T> {
  private confirmed: ReadonlyMap<string, T> = new Map();
  private held: Map<string, T> = new Map();
  private isDoubtful = false;
  /** When the grace of each held key ends; what was missing in the same answer shares a timer. */
  private readonly expiries = new Map<string, Cancellable>();
  private readonly timers = new Set<Cancellable>();

  constructor(private readonly options: LastKnownGoodOptions<T>) {}

  /** Confirmed and kept items together. */
  get items(): ReadonlyMap<string, T> {
    return this.held.size === 0 ? this.confirmed : new Map([...this.confirmed, ...this.held]);
  }

  /** Keys of what is kept although the latest answer lacks it. */
  get unconfirmed(): readonly string[] {
    return [...this.held.keys()];
  }

  /** An empty answer now would take away something that works, and no failure explains it. */
  isSuddenlyEmpty(answerSize: number): boolean {
    return answerSize === 0 && this.confirmed.size > 0 && !this.isDoubtful;
  }

  /** The registry failed or restarted: the next answer is doubtful, and until then nothing expires. */
  interrupt(): void {
    this.isDoubtful = true;
    this.stopExpiry();
  }

  /** The registry failed at another question: the next answer is doubtful, but what is missing already gets no new grace. */
  doubt(): void {
    this.isDoubtful = true;
  }

  /** What an earlier process remembered, as if it had been the answer before a failure. */
  recall(items: ReadonlyMap<string, T>): void {
    this.confirmed = items;
    this.interrupt();
  }

  /** `gone` names what is missing for a reason that needs no doubt. */
  accept(answer: ReadonlyMap<string, T>, gone: readonly string[] = []): void {
    const wasDoubtful = this.isDoubtful;
    if (wasDoubtful) this.held = new Map([...this.confirmed, ...this.held]);
    this.isDoubtful = false;
    this.confirmed = answer;
    for (const key of gone) this.release(key);
    this.dropKnown(answer);
    if (this.held.size === 0) this.stopExpiry();
    else if (wasDoubtful) this.startExpiry();
  }

  close(): void {
    this.stopExpiry();
  }

  private dropKnown(answer: ReadonlyMap<string, T>): void {
    if (this.held.size === 0) return;
    const claimed = new Set([...answer.values()].flatMap((item) => this.options.claimsOf(item)));
    for (const [key, item] of this.held) {
      if (answer.has(key) || this.options.claimsOf(item).some((claim) => claimed.has(claim))) this.release(key);
    }
  }

  private release(key: string): void {
    this.expiries.delete(key);
    this.held.delete(key);
  }

  private startExpiry(): void {
    const keys = [...this.held.keys()].filter((key) => !this.expiries.has(key));
    if (keys.length === 0) return;
    const expiry = this.options.scheduler.timer(this.options.graceMs, () => {
      this.timers.delete(expiry);
      const missing = keys.filter((key) => this.expiries.get(key) === expiry);
      for (const key of missing) this.release(key);
      if (missing.length > 0) this.options.onExpired();
    });
    this.timers.add(expiry);
    for (const key of keys) this.expiries.set(key, expiry);
  }

  private stopExpiry(): void {
    for (const timer of this.timers) timer.cancel();
    this.timers.clear();
    this.expiries.clear();
  }
}
