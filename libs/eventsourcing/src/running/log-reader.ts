import type { Clock, Scheduler } from '@rookery/runtime';
import type { EventSource, Upcasters } from '../aggregate.js';
import type { Checkpoints } from '../checkpoints.port.js';
import type { EventStore, LogPosition, LogSlice, LoggedEvent } from '../event-store.port.js';
import { eventIdOf, type RecordedEvent } from '../event.js';
import { categoryOf } from '../stream.js';
import { upcast } from '../upcast.js';
import { Pause } from './pause.js';
import { type EventTaker, takeEvents } from './take-events.js';

export interface LogReaderParts<Tx> {
  /** Names the checkpoint. */
  readonly reader: string;
  readonly store: EventStore;
  readonly checkpoints: Checkpoints<Tx>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly sources: readonly EventSource[];
  /**
   * What events lead to, in the transaction that moves the checkpoint. `before`, if there is one, is done ahead of it and
   * may be done twice; `after` is told when it is durable.
   */
  readonly apply: (events: readonly RecordedEvent[], transaction: Tx) => Promise<void>;
  readonly before?: (events: readonly RecordedEvent[]) => Promise<void>;
  readonly after?: () => void;
}

/** Positions that are looked at in one step. */
const BATCH = 1000;
/** How soon new events are found, at the latest. */
const POLL_MS = 50;
/**
 * How often the checkpoint moves over events that do not concern its reader. A transaction for each look would cost a busy log
 * a flush for each reader and look, and save nobody anything: who begins again looks past them in no time.
 */
const MOVE_EVERY_MS = 1000;

/** Follows the log from its checkpoint on: each event is applied once, in order. */
export class LogReader<Tx> {
  /** The checkpoint. */
  private from: LogPosition | undefined;
  /** Where it has come to: beyond the checkpoint only over what does not concern it. */
  private at: LogPosition | undefined;
  private movedAt = Number.NEGATIVE_INFINITY;
  private headSeen = 0;

  private readonly upcasters: ReadonlyMap<string, Upcasters | undefined>;
  private readonly taker: EventTaker<LoggedEvent>;

  constructor(private readonly parts: LogReaderParts<Tx>) {
    this.upcasters = new Map(parts.sources.map(({ name, upcasters }) => [name, upcasters]));
    this.taker = {
      name: `the reader ${parts.reader}`,
      code: 'EVENT_NOT_APPLIED',
      from: () => this.from,
      advance: (events, end) => this.advance(events, end),
      describe: (logged) => `${logged.event.type} ${eventIdOf(logged)}`,
    };
  }

  /** Positions of the log that are not applied yet, as of the last look. */
  get lag(): number {
    return Math.max(0, this.headSeen - (this.at?.position ?? 0));
  }

  /**
   * Reads until `signal` is aborted. Throws when it cannot go on, EVENT_NOT_APPLIED when that is an event's fault; it may be
   * begun again.
   */
  async follow(signal: AbortSignal, wentWell: () => void): Promise<void> {
    const pause = new Pause(this.parts.scheduler, signal);
    await this.begin();
    let ahead: Promise<LogSlice> | undefined;
    while (!signal.aborted) {
      const slice = await (ahead ?? this.read(this.at));
      const hasMore = slice.end.position < slice.head;
      ahead = hasMore ? this.readAhead(slice.end) : undefined;
      await this.take(slice);
      // What another process has applied is passed over.
      if (this.at !== slice.end) ahead = undefined;
      wentWell();
      if (!hasMore) await pause.wait(POLL_MS);
    }
  }

  private async begin(): Promise<void> {
    this.from = await this.parts.checkpoints.load(this.parts.reader);
    this.at = this.from;
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

  private async take(slice: LogSlice): Promise<void> {
    const hasMovedLately = this.parts.clock.monotonic() - this.movedAt < MOVE_EVERY_MS;
    if (slice.events.length === 0 && hasMovedLately) this.at = slice.end;
    else await takeEvents(this.taker, slice);
  }

  private async advance(logged: readonly LoggedEvent[], end: LogPosition): Promise<boolean> {
    const { after, apply, before, checkpoints, reader } = this.parts;
    const events = logged.map((one) => this.current(one));
    if (events.length > 0) await before?.(events);
    const outcome = await checkpoints.advance(reader, this.from, end, async (transaction) => {
      if (events.length > 0) await apply(events, transaction);
    });
    this.movedAt = this.parts.clock.monotonic();
    // Another process believes that it leads: what this one was about to do is done, and it goes on from there.
    this.from = outcome === 'advanced' ? end : await checkpoints.load(reader);
    this.at = this.from;
    if (events.length > 0) after?.();
    return outcome === 'advanced';
  }

  private current(logged: LoggedEvent): RecordedEvent {
    return { ...logged, event: upcast(this.upcasters.get(categoryOf(logged.stream)), logged) };
  }
}
