import type { Database, MigrationSet, Statement, Transaction } from '@rookery/postgres';
import { Inbox } from './inbox.port.js';

const TABLE = `
create table inbox (
  handled_at timestamptz not null default now(),
  consumer text collate "C" not null,
  event_id text collate "C" not null,
  primary key (consumer, event_id)
);
create index on inbox using brin (handled_at);
`;

/** The schema of the inbox. */
export const inboxMigrations: MigrationSet = {
  namespace: 'messaging',
  migrations: [{ number: 1, name: 'inbox', sql: TABLE }],
};

/** Entries that are deleted in one statement. */
const DELETED_AT_ONCE = 5000;

/** An inbox in the database in which the effects are. */
export class PostgresInbox extends Inbox<Transaction> {
  constructor(private readonly database: Database) {
    super();
  }

  async claim(consumer: string, eventIds: readonly string[], transaction: Transaction): Promise<readonly string[]> {
    const { rows } = await transaction.query<{ event_id: string }>({
      name: 'claim_events',
      text: `insert into messaging.inbox (consumer, event_id) select $1, unnest($2::text[])
             on conflict do nothing returning event_id`,
      values: [consumer, eventIds],
    });
    return rows.map(({ event_id }) => event_id);
  }

  async forget(consumer: string, olderThanMs: number): Promise<void> {
    const statement: Statement = {
      text: `delete from messaging.inbox where ctid = any (array(
               select ctid from messaging.inbox
                where consumer = $1 and handled_at <= now() - $2 * interval '1 millisecond' limit $3))`,
      values: [consumer, olderThanMs, DELETED_AT_ONCE],
    };
    for (;;) {
      const { count } = await this.database.query(statement);
      if (count < DELETED_AT_ONCE) return;
    }
  }
}
