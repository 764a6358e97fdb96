import type { Cancellable } from '@rookery/runtime';
import type { CellHost } from './cell-host.js';
import { TimerFired } from './queue-items.js';
import type { Timers } from './timers.js';

interface Entry {
  readonly message: unknown;
  readonly generation: number;
  readonly isPeriodic: boolean;
  timer: Cancellable | undefined;
  /** Its message waits in the mailbox. */
  isWaiting: boolean;
}

/** The timers of one actor. What has fired waits in the mailbox as a mark, which counts only while its timer still stands. */
export class TimerTable implements Timers {
  private readonly entries = new Map<string, Entry>();
  private generation = 0;
  private isClosed = false;

  constructor(
    private readonly host: Pick<CellHost, 'scheduler' | 'seal'>,
    private readonly post: (item: TimerFired) => void,
  ) {}

  startSingle(key: string, message: unknown, delayMs: number): void {
    if (!(delayMs >= 0)) throw new RangeError(`a delay is at least 0 ms, not ${delayMs}`);
    this.start(key, message, false, (fire) => this.host.scheduler.timer(delayMs, fire));
  }

  startPeriodic(key: string, message: unknown, periodMs: number): void {
    if (!(periodMs > 0)) throw new RangeError(`a period is above 0 ms, not ${periodMs}`);
    this.start(key, message, true, (fire) => this.host.scheduler.interval(periodMs, fire));
  }

  isActive(key: string): boolean {
    return this.entries.has(key);
  }

  cancel(key: string): void {
    this.entries.get(key)?.timer?.cancel();
    this.entries.delete(key);
  }

  cancelAll(): void {
    for (const key of [...this.entries.keys()]) this.cancel(key);
  }

  /** The actor has ended: so has every timer, also one that is started after this. */
  close(): void {
    this.cancelAll();
    this.isClosed = true;
  }

  /** The message of a mark that has come out of the mailbox; undefined when its timer no longer stands. */
  take({ generation, key }: TimerFired): { readonly message: unknown } | undefined {
    const entry = this.entries.get(key);
    if (entry?.generation !== generation) return undefined;
    entry.isWaiting = false;
    if (!entry.isPeriodic) this.entries.delete(key);
    return entry;
  }

  private start(key: string, message: unknown, isPeriodic: boolean, schedule: (fire: () => void) => Cancellable): void {
    this.cancel(key);
    if (this.isClosed) return;
    this.host.seal(message);
    const entry: Entry = { message, isPeriodic, generation: ++this.generation, timer: undefined, isWaiting: false };
    this.entries.set(key, entry);
    entry.timer = schedule(() => this.fire(key, entry));
  }

  private fire(key: string, entry: Entry): void {
    if (entry.isWaiting) return;
    entry.isWaiting = true;
    this.post(new TimerFired(key, entry.generation));
  }
}
