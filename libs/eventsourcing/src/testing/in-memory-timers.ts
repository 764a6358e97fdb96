import type { Clock } from '@rookery/runtime';
import type { InMemoryTransaction } from './in-memory-checkpoints.js';
import { type DueTimer, type Postponement, type Timer, Timers } from '../timers.port.js';

interface Kept extends Omit<DueTimer, 'foundAt'> {
  readonly task: string;
  readonly dueAt: number;
}

/** The promises of timers, kept as long as the process lives. */
export class InMemoryTimers extends Timers<InMemoryTransaction> {
  private readonly timers = new Map<string, Kept>();
  private settings = 0;

  constructor(private readonly clock: Clock) {
    super();
  }

  async set(
    transaction: InMemoryTransaction,
    timers: readonly Timer[],
    cancelled: readonly Pick<Timer, 'task' | 'key'>[],
  ): Promise<void> {
    transaction.onCommit(() => this.change(timers, cancelled));
  }

  private change(timers: readonly Timer[], cancelled: readonly Pick<Timer, 'task' | 'key'>[]): void {
    for (const timer of cancelled) this.timers.delete(nameOf(timer.task, timer));
    for (const { dueAt = this.clock.now(), key, payload = null, task } of timers) {
      const written = JSON.parse(JSON.stringify(payload)) as unknown;
      const setting = ++this.settings;
      this.timers.set(nameOf(task, { key }), { task, key, dueAt, payload: written, attempts: 0, setting });
    }
  }

  async due(task: string, limit: number, without: readonly string[]): Promise<readonly DueTimer[]> {
    const now = this.clock.now();
    return [...this.timers.values()]
      .filter((timer) => timer.task === task && timer.dueAt <= now && !without.includes(timer.key))
      .sort((left, right) => left.dueAt - right.dueAt)
      .slice(0, limit)
      .map(({ attempts, key, payload, setting }) => ({ attempts, key, payload, setting, foundAt: now }));
  }

  async done(task: string, timers: readonly DueTimer[]): Promise<void> {
    for (const timer of timers) if (this.found(task, timer) !== undefined) this.timers.delete(nameOf(task, timer));
  }

  async postpone(task: string, timer: DueTimer, { afterMs, attempts }: Postponement): Promise<void> {
    const found = this.found(task, timer);
    if (found === undefined) return;
    this.timers.set(nameOf(task, timer), { ...found, attempts, dueAt: this.clock.now() + afterMs });
  }

  private found(task: string, timer: DueTimer): Kept | undefined {
    const found = this.timers.get(nameOf(task, timer));
    return found?.setting === timer.setting ? found : undefined;
  }
}

function nameOf(task: string, { key }: Pick<Timer, 'key'>): string {
  return `${task}\0${key}`;
}
