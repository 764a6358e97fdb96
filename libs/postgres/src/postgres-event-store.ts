import {
  type AnsweredCommand,
  type Append,
  type AppendOutcome,
  type CommandKey,
  EventStore,
  type LogQuery,
  type LogSlice,
  type Snapshot,
  type StreamSlice,
} from '@rookery/eventsourcing';
import { type Clock, type Scheduler, SystemClock, SystemScheduler } from '@rookery/runtime';
import {
  answeredCommandOf,
  appendStatement,
  outcomesOf,
  prepare,
  type PreparedAppend,
  type RefusedRow,
} from './append-batch.js';
import type { Database } from './database.js';
import { GroupCommit, type LaneLimits } from './group-commit.js';
import { versionOf } from './read-functions.js';
import { logSliceOf, type SliceRow, streamSliceOf } from './slice.mapper.js';
import type { Statement } from './statement.js';
import { isBadData, refused } from './store-failure.js';

export interface PostgresEventStoreOptions extends Partial<LaneLimits> {
  readonly clock?: Clock;
  readonly scheduler?: Scheduler;
}

const LIMITS: LaneLimits = { maxRows: 1000, maxBytes: 1 << 20, maxWaiting: 20_000, waitMs: 5000 };
/** Answers that are deleted in one statement. */
const DELETED_AT_ONCE = 5000;

/** The log of a service in its own database. Appends of one process go one statement after the other, many in each. */
export class PostgresEventStore extends EventStore {
  private readonly lane: GroupCommit<PreparedAppend, AppendOutcome>;

  private constructor(
    private readonly database: Database,
    { clock = new SystemClock(), scheduler = new SystemScheduler(), ...limits }: PostgresEventStoreOptions,
  ) {
    super();
    this.lane = new GroupCommit((batch) => this.write(batch), { ...LIMITS, ...limits }, clock, scheduler);
  }

  /** On a database that `eventStoreMigrations` were applied to. */
  static async open(database: Database, options: PostgresEventStoreOptions = {}): Promise<PostgresEventStore> {
    await database.execute({ text: 'select event_store.settle_epoch_v1()' });
    return new PostgresEventStore(database, options);
  }

  async append(append: Append): Promise<AppendOutcome> {
    return this.lane.submit(prepare(append));
  }

  async readStream(stream: string, afterVersion: number, limit: number): Promise<StreamSlice> {
    const { rows } = await this.database.query<SliceRow>({
      name: 'read_stream_v1',
      text: 'select * from event_store.read_stream_v1($1, $2, $3)',
      values: [stream, afterVersion, limit],
    });
    return streamSliceOf(rows);
  }

  async readLog(query: LogQuery): Promise<LogSlice> {
    const { rows } = await this.database.query<SliceRow>({
      name: 'read_log_v1',
      text: 'select * from event_store.read_log_v1($1, $2, $3)',
      values: [query.after?.position ?? 0, query.limit, query.categories],
    });
    return logSliceOf(rows, query);
  }

  async findAnswers(stream: string, keys: readonly CommandKey[]): Promise<readonly AnsweredCommand[]> {
    const { rows } = await this.database.query<Omit<RefusedRow, 'append' | 'version'>>({
      name: 'find_answers_v1',
      text: 'select * from event_store.find_answers_v1($1, $2, $3)',
      values: [stream, keys.map(({ principal }) => principal), keys.map(({ commandId }) => commandId)],
    });
    return rows.map(answeredCommandOf);
  }

  async forgetAnswers(olderThanMs: number): Promise<number> {
    const statement: Statement = {
      text: `delete from event_store.answered_commands where ctid = any (array(
               select ctid from event_store.answered_commands
                where answered_at <= now() - $1 * interval '1 millisecond' limit $2))`,
      values: [olderThanMs, DELETED_AT_ONCE],
    };
    for (let all = 0; ;) {
      const { count } = await this.database.query(statement);
      all += count;
      if (count < DELETED_AT_ONCE) return all;
    }
  }

  async loadSnapshot(stream: string): Promise<Snapshot | undefined> {
    const { rows } = await this.database.query<Snapshot>({
      name: 'load_snapshot',
      text: 'select stream, version, schema, state from event_store.snapshots where stream = $1',
      values: [stream],
    });
    return rows[0];
  }

  async saveSnapshot({ schema, state, stream, version }: Snapshot): Promise<number> {
    const text = JSON.stringify(state);
    await this.database.query({
      name: 'save_snapshot',
      text: `insert into event_store.snapshots as own (stream, version, schema, state) values ($1, $2, $3, $4)
             on conflict (stream) do update
               set version = excluded.version, schema = excluded.schema, state = excluded.state
             where (own.schema, own.version) < (excluded.schema, excluded.version)
                or 2 * own.version < excluded.version
                or own.version > ${versionOf('own.stream')}`,
      values: [stream, version, schema, text],
    });
    return text.length;
  }

  /** Appends that wait fail; resolves when those that were sent have ended. The database is left open. */
  close(): Promise<void> {
    return this.lane.close();
  }

  private async write(batch: readonly PreparedAppend[]): Promise<readonly AppendOutcome[]> {
    try {
      const { rows } = await this.database.execute<RefusedRow>(appendStatement(batch));
      return outcomesOf(batch, rows);
    } catch (error) {
      throw isBadData(error) ? refused(`SQLSTATE ${error.code}`, error) : error;
    }
  }
}
