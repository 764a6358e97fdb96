import type { SnapshotRule } from '../aggregate.js';
import type { EventStore } from '../event-store.port.js';
import type { LoadedState } from './loaded-state.js';

/** Of a snapshot, for each event since the last one: about what an event and its answer take in the store. */
const CHARACTERS_PER_EVENT = 1000;

/** Writes snapshots now and then, beside the commands: they make loading faster, and nothing else depends on them. */
export class SnapshotTaker<S> {
  /** Whether it was written or not: what fails is not tried again with each event. */
  private triedAt = 0;
  /** As far as is known: of the last one, in characters. */
  private size = 0;
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
    const since = version - Math.max(this.triedAt, snapshotVersion);
    if (since < Math.max(this.rule.every, this.size / CHARACTERS_PER_EVENT)) return;
    this.isWriting = true;
    this.triedAt = version;
    void this.write(state, version, this.rule.schema);
  }

  private async write(state: S, version: number, schema: number): Promise<void> {
    try {
      this.size = await this.store.saveSnapshot({ stream: this.stream, version, schema, state });
    } catch (error) {
      this.report(error);
    } finally {
      this.isWriting = false;
    }
  }
}
