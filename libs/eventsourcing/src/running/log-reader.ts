import type { Scheduler } from '@rookery/runtime';
import type { EventSource, Upcasters } from '../aggregate.js';
import type { Checkpoints } from '../checkpoints.port.js';
import type { EventStore, LogPosition, LogSlice, LoggedEvent } from '../event-store.port.js';
import type { RecordedEvent } from '../event.js';
import { categoryOf } from '../stream.js';
import { upcast } from '../upcast.js';
import { Pause } from './pause.js';

export interface LogReaderParts<Tx> {
  /** Names the checkpoint. */
  readonly reader: string;
  readonly store: EventStore;
  readonly checkpoints: Checkpoints<Tx>;
  readonly scheduler: Scheduler;
  readonly sources: readonly EventSource[];
  /**
   * What events lead to, in the transaction that moves the checkpoint. `before`, if there is one, is done ahead of it and
   * may be done twice.
   */
  readonly apply: (events: readonly RecordedEvent[], transaction: Tx) => Promise<void>;
  readonly before?: (events: readonly RecordedEvent[]) => Promise<void>;
}

/** Positions that are looked at in one step. */
const BATCH = 1000;
/** How soon new events are found, at the latest. */
const POLL_MS = 50;

/** Follows the log from its checkpoint on: each event is applied once, in order. */
export class LogReader<Tx> {
  private from: LogPosition | undefined;
  private headSeen = 0;

  private readonly upcasters: ReadonlyMap<string, Upcasters | undefined>;

  constructor(private readonly parts: LogReaderParts<Tx>) {
    this.upcasters = new Map(parts.sources.map(({ name, upcasters }) => [name, upcasters]));
  }

  /** Positions of the log that are not applied yet, as of the last look. */
  get lag(): number {
    return Math.max(0, this.headSeen - (this.from?.position ?? 0));
  }

  /** Reads until `signal` is aborted. Throws when it cannot go on; it may be begun again. */
  async follow(signal: AbortSignal, wentWell: () => void): Promise<void> {
    const pause = new Pause(this.parts.scheduler, signal);
    this.from = await this.parts.checkpoints.load(this.parts.reader);
    let ahead: Promise<LogSlice> | undefined;
    while (!signal.aborted) {
      const slice = await (ahead ?? this.read(this.from));
      const hasMore = slice.end.position < slice.head;
      ahead = hasMore ? this.readAhead(slice.end) : undefined;
      await this.advance(slice);
      // What another process has applied is passed over.
      if (this.from !== slice.end) ahead = undefined;
      wentWell();
      if (!hasMore) await pause.wait(POLL_MS);
    }
  }

  private async read(after: LogPosition | undefined): Promise<LogSlice> {
    const categories = [...this.upcasters.keys()];
    const slice = await this.parts.store.readLog({ after, limit: BATCH, categories });
    this.headSeen = slice.head;
    return slice;
  }

  /** Reads what comes next while what is there is applied. Where that fails, nobody asks what became of this. */
  private readAhead(after: LogPosition): Promise<LogSlice> {
    const slice = this.read(after);
    slice.catch(() => undefined);
    return slice;
  }

  private async advance({ end, events: logged }: LogSlice): Promise<void> {
    const { apply, before, checkpoints, reader } = this.parts;
    if (end.position === this.from?.position) return;
    const events = logged.map((one) => this.current(one));
    if (events.length > 0) await before?.(events);
    const outcome = await checkpoints.advance(reader, this.from, end, async (transaction) => {
      if (events.length > 0) await apply(events, transaction);
    });
    // Another process believes that it leads: what this one was about to do is done, and it goes on from there.
    this.from = outcome === 'advanced' ? end : await checkpoints.load(reader);
  }

  private current(logged: LoggedEvent): RecordedEvent {
    return { ...logged, event: upcast(this.upcasters.get(categoryOf(logged.stream)), logged) };
  }
}
