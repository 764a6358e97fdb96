import { describeCheckpoints } from '@rookery/eventsourcing/testing';
import { eventStoreMigrations } from './event-store-schema.js';
import { migrate } from './migrations.js';
import { PostgresCheckpoints } from './postgres-checkpoints.js';
import type { Transaction } from './statement.js';
import { TestDatabase } from './testing/index.js';

const words = {
  namespace: 'words',
  migrations: [{ number: 1, name: 'a list of words', sql: 'create table words (place serial, word text)' }],
};

describeCheckpoints('PostgreSQL', async () => {
  const own = await TestDatabase.create(process.env['DATABASE_URL'] ?? '');
  const database = own.open();
  await migrate(database, [eventStoreMigrations, words]);
  return {
    checkpoints: new PostgresCheckpoints(database),
    another: new PostgresCheckpoints(own.open()),
    write: async (transaction: Transaction, word: string) => {
      await transaction.query({ text: 'insert into words.words (word) values ($1)', values: [word] });
    },
    written: async () => {
      const { rows } = await database.query<{ word: string }>({ text: 'select word from words.words order by place' });
      return rows.map(({ word }) => word);
    },
    close: () => own.drop(),
  };
});
