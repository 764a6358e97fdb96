import { type DueTimer, type Postponement, type Timer, Timers } from '@rookery/eventsourcing';
import type { Database } from './database.js';
import type { Transaction } from './statement.js';

interface DueRow {
  readonly key: string;
  readonly payload: unknown;
  readonly attempts: number;
  readonly setting: number;
  readonly found_at: number;
}

/** Timers in the database in which they are set; `timerMigrations` make their table. */
export class PostgresTimers extends Timers<Transaction> {
  constructor(private readonly database: Database) {
    super();
  }

  async set(
    transaction: Transaction,
    timers: readonly Timer[],
    cancelled: readonly Pick<Timer, 'task' | 'key'>[],
  ): Promise<void> {
    // One word for each key, in one order everywhere, so that two who set the same timers do not wait for each other crosswise.
    const last = inOrder(timers);
    const gone = inOrder(cancelled);
    if (gone.length > 0) {
      await transaction.query({
        name: 'cancel_timers',
        text: 'delete from timers.timers where (task, key) in (select * from unnest($1::text[], $2::text[]))',
        values: [gone.map(({ task }) => task), gone.map(({ key }) => key)],
      });
    }
    if (last.length === 0) return;
    await transaction.query({
      name: 'set_timers',
      text: `insert into timers.timers (task, key, due_at, payload)
             select task, key, coalesce(to_timestamp(due_ms / 1000), clock_timestamp()), payload
               from unnest($1::text[], $2::text[], $3::double precision[], $4::json[]) as t (task, key, due_ms, payload)
             on conflict (task, key) do update
               set due_at = excluded.due_at, payload = excluded.payload, attempts = 0, setting = nextval('timers.settings')`,
      values: [
        last.map(({ task }) => task),
        last.map(({ key }) => key),
        last.map(({ dueAt }) => dueAt ?? null),
        last.map(({ payload }) => JSON.stringify(payload ?? null)),
      ],
    });
  }

  async due(task: string, limit: number, without: readonly string[]): Promise<readonly DueTimer[]> {
    const { rows } = await this.database.query<DueRow>({
      name: 'due_timers',
      text: `select key, payload, attempts, setting,
                    floor(extract(epoch from clock_timestamp()) * 1000)::bigint as found_at
               from timers.timers
              where task = $1 and due_at <= clock_timestamp() and key <> all($3::text[])
              order by due_at limit $2`,
      values: [task, limit, without],
    });
    return rows.map(({ found_at: foundAt, ...timer }) => ({ ...timer, foundAt }));
  }

  async done(task: string, timers: readonly DueTimer[]): Promise<void> {
    await this.database.execute({
      name: 'timers_done',
      text: `delete from timers.timers
              where task = $1 and (key, setting) in (select * from unnest($2::text[], $3::bigint[]))`,
      values: [task, timers.map(({ key }) => key), timers.map(({ setting }) => setting)],
    });
  }

  async postpone(task: string, { key, setting }: DueTimer, { afterMs, attempts }: Postponement): Promise<void> {
    await this.database.execute({
      name: 'postpone_timer',
      text: `update timers.timers set due_at = clock_timestamp() + $4 * interval '1 millisecond', attempts = $5
              where task = $1 and key = $2 and setting = $3`,
      values: [task, key, setting, afterMs, attempts],
    });
  }
}

/** The last of each task and key, sorted. */
function inOrder<T extends Pick<Timer, 'task' | 'key'>>(timers: readonly T[]): readonly T[] {
  const byName = new Map(timers.map((timer) => [`${timer.task}\0${timer.key}`, timer]));
  return [...byName].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, timer]) => timer);
}
