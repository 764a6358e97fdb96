import { describeTimers } from '@rookery/eventsourcing/testing';
import { migrate } from './migrations.js';
import { PostgresTimers } from './postgres-timers.js';
import type { Transaction } from './statement.js';
import { TestDatabase } from './testing/index.js';
import { timerMigrations } from './timer-schema.js';

describeTimers<Transaction>('PostgreSQL', async () => {
  const own = await TestDatabase.create(process.env['DATABASE_URL'] ?? '');
  const database = own.open();
  await migrate(database, [timerMigrations]);
  return {
    timers: new PostgresTimers(database),
    now: async () => {
      const { rows } = await database.query<{ now: Date }>({ text: 'select clock_timestamp() as now' });
      return rows[0]?.now.getTime() ?? NaN;
    },
    transaction: (work) => database.transaction(work),
    close: () => own.drop(),
  };
});
