import type { SnapshotRule } from '../aggregate.js';
import type { EventStore } from '../event-store.port.js';
import type { LoadedState } from './loaded-state.js';

/** Writes snapshots now and then, beside the commands: they make loading faster, and nothing else depends on them. */
export class SnapshotTaker<S> {
  /** Whether it was written or not: what fails is not tried again with each event. */
  private triedAt = 0;
  private isWriting = false;

  constructor(
    private readonly rule: SnapshotRule | undefined,
    private readonly stream: string,
    private readonly store: EventStore,
    private readonly report: (error: unknown) => void,
  ) {}

  /** The state has come to this. */
  see({ snapshotVersion, state, version }: LoadedState<S>): void {
    if (this.rule === undefined || this.isWriting) return;
    if (version - Math.max(this.triedAt, snapshotVersion) < this.rule.every) return;
    this.isWriting = true;
    this.triedAt = version;
    void this.write(state, version, this.rule.schema);
  }

  private async write(state: S, version: number, schema: number): Promise<void> {
    try {
      await this.store.saveSnapshot({ stream: this.stream, version, schema, state });
    } catch (error) {
      this.report(error);
    } finally {
      this.isWriting = false;
    }
  }
}
