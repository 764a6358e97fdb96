import { type Clock, DomainError } from '@rookery/runtime';
import type { StoredEvent } from '../aggregate.js';
import type { AnsweredCommand, CommandKey } from '../command-outcome.js';
import type { EventMetadata } from '../event.js';
import {
  type Append,
  type AppendOutcome,
  EventStore,
  type LoggedEvent,
  type LogQuery,
  type LogSlice,
  type Snapshot,
  type StreamSlice,
} from '../event-store.port.js';
import { unstorableName } from '../storable.js';
import { categoryOf } from '../stream.js';

/** Written out, so that nobody changes it and what JSON does not keep is lost here too. */
type Written = Omit<LoggedEvent, 'event' | 'metadata'> & { readonly data: string; readonly metadata: string };

interface Answered {
  readonly at: number;
  readonly command: string;
}

/** The promises of an event store, kept as long as the process lives. */
export class InMemoryEventStore extends EventStore {
  private readonly log: Written[] = [];
  private readonly streams = new Map<string, Written[]>();
  private readonly answers = new Map<string, Answered>();
  private readonly snapshots = new Map<string, string>();

  constructor(
    private readonly clock: Clock,
    private readonly epoch = 'in-memory',
  ) {
    super();
  }

  async append(append: Append): Promise<AppendOutcome> {
    const { commands, events, expectedVersion, stream } = append;
    const name = unstorableName(append);
    if (name !== undefined) throw refused(`the name ${JSON.stringify(name)}`);
    const written = events.map(({ event, metadata }) => ({ data: json(event), metadata: json(metadata) }));
    const answers = new Map(commands.map((command) => [keyOf(stream, command), json(command)] as const));

    const known = this.answered(stream, commands);
    if (known.length > 0) return { status: 'answered', commands: known };
    const own = this.streams.get(stream) ?? [];
    if (own.length !== expectedVersion) return { status: 'conflict', version: own.length };
    if (answers.size < commands.length) throw refused('one command twice');

    const at = this.clock.now();
    events.forEach(({ schema }, index) => {
      const place = { stream, version: own.length + 1, position: this.log.length + 1, schema, recordedAt: at };
      const event = { ...place, data: written[index]?.data ?? '', metadata: written[index]?.metadata ?? '' };
      own.push(event);
      this.log.push(event);
    });
    if (own.length > 0) this.streams.set(stream, own);
    for (const [key, command] of answers) this.answers.set(key, { at, command });
    return { status: 'appended', version: own.length };
  }

  async readStream(stream: string, afterVersion: number, limit: number): Promise<StreamSlice> {
    const own = this.streams.get(stream) ?? [];
    return { events: own.slice(afterVersion, afterVersion + limit).map(read), version: own.length };
  }

  async readLog({ after, categories, limit }: LogQuery): Promise<LogSlice> {
    const head = this.log.length;
    const from = after?.position ?? 0;
    if (after !== undefined && (after.epoch !== this.epoch || from > head)) {
      throw new DomainError(
        'LOG_REPLACED',
        `the log of epoch ${this.epoch} ends at ${head}, not ${after.epoch} ${from}`,
      );
    }
    const events = this.log
      .slice(from, from + limit)
      .filter(({ stream }) => categories === undefined || categories.includes(categoryOf(stream)));
    return { events: events.map(read), end: { epoch: this.epoch, position: Math.min(from + limit, head) }, head };
  }

  async findAnswers(stream: string, keys: readonly CommandKey[]): Promise<readonly AnsweredCommand[]> {
    return this.answered(stream, keys);
  }

  async forgetAnswers(olderThanMs: number): Promise<number> {
    const until = this.clock.now() - olderThanMs;
    const old = [...this.answers].filter(([, { at }]) => at <= until);
    for (const [key] of old) this.answers.delete(key);
    return old.length;
  }

  async loadSnapshot(stream: string): Promise<Snapshot | undefined> {
    return this.snapshotOf(stream);
  }

  async saveSnapshot(snapshot: Snapshot): Promise<number> {
    const text = JSON.stringify(snapshot);
    const own = this.snapshotOf(snapshot.stream);
    const isNewer =
      own === undefined ||
      own.version > (this.streams.get(snapshot.stream)?.length ?? 0) ||
      2 * own.version < snapshot.version ||
      own.schema < snapshot.schema ||
      (own.schema === snapshot.schema && own.version < snapshot.version);
    if (isNewer) this.snapshots.set(snapshot.stream, text);
    return text.length;
  }

  private snapshotOf(stream: string): Snapshot | undefined {
    const snapshot = this.snapshots.get(stream);
    return snapshot === undefined ? undefined : (JSON.parse(snapshot) as Snapshot);
  }

  private answered(stream: string, keys: readonly CommandKey[]): readonly AnsweredCommand[] {
    return keys.flatMap((key) => {
      const answered = this.answers.get(keyOf(stream, key));
      return answered === undefined ? [] : [JSON.parse(answered.command) as AnsweredCommand];
    });
  }
}

function read({ data, metadata, ...rest }: Written): LoggedEvent {
  return { ...rest, event: JSON.parse(data) as StoredEvent, metadata: JSON.parse(metadata) as EventMetadata };
}

function keyOf(stream: string, { commandId, principal }: CommandKey): string {
  return JSON.stringify([stream, principal, commandId]);
}

function json(value: object): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    throw refused('what has no form in JSON', error);
  }
}

function refused(what: string, cause?: unknown): DomainError {
  return new DomainError('STORE_REFUSED', `the store cannot keep ${what}`, { kind: 'invalid-argument', cause });
}
