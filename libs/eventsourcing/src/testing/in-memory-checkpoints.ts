import { Checkpoints } from '../checkpoints.port.js';
import type { LogPosition } from '../event-store.port.js';

/** What an effect hands in here is done when the checkpoint moves, and not at all otherwise. */
export interface InMemoryTransaction {
  onCommit(act: () => void): void;
}

export class InMemoryCheckpoints extends Checkpoints<InMemoryTransaction> {
  private readonly positions = new Map<string, LogPosition>();
  /** By reader: the end of the transaction that is the last to have begun. */
  private readonly running = new Map<string, Promise<unknown>>();

  async load(reader: string): Promise<LogPosition | undefined> {
    return this.positions.get(reader);
  }

  advance(
    reader: string,
    from: LogPosition | undefined,
    to: LogPosition,
    effect: (transaction: InMemoryTransaction) => Promise<void>,
  ): Promise<'advanced' | 'moved-by-another'> {
    const before = this.running.get(reader) ?? Promise.resolve();
    const own = before.then(() => this.move(reader, from, to, effect));
    this.running.set(
      reader,
      own.catch(() => undefined),
    );
    return own;
  }

  private async move(
    reader: string,
    from: LogPosition | undefined,
    to: LogPosition,
    effect: (transaction: InMemoryTransaction) => Promise<void>,
  ): Promise<'advanced' | 'moved-by-another'> {
    const current = this.positions.get(reader);
    if (current?.epoch !== from?.epoch || current?.position !== from?.position) return 'moved-by-another';
    const acts: (() => void)[] = [];
    await effect({ onCommit: (act) => acts.push(act) });
    for (const act of acts) act();
    this.positions.set(reader, { ...to });
    return 'advanced';
  }
}
