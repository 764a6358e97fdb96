import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Database, migrate } from '@rookery/postgres';
import { type TestDatabase, testDatabase } from '@rookery/testkit';
import { inboxMigrations, PostgresInbox } from '../src/consuming/postgres-inbox.js';

const DAY_MS = 86_400_000;

describe('the inbox in PostgreSQL', () => {
  let server: TestDatabase;
  let database: Database;
  let inbox: PostgresInbox;
  beforeEach(async () => {
    server = await testDatabase();
    database = new Database({ url: server.url, applicationName: 'inbox' });
    await migrate(database, [inboxMigrations]);
    inbox = new PostgresInbox(database);
  });
  afterEach(async () => {
    await database.close();
    await server.drop();
  });

  async function claim(consumer: string, ...ids: string[]): Promise<readonly string[]> {
    const fresh = await database.transaction((transaction) => inbox.claim(consumer, ids, transaction));
    return [...fresh].sort();
  }

  it('gives each event once to each consumer', async () => {
    expect(await claim('ledger', 'a', 'b', 'a')).toEqual(['a', 'b']);
    expect(await claim('ledger', 'b', 'c')).toEqual(['c']);
    expect(await claim('another', 'b')).toEqual(['b']);
  });

  it('knows nothing of what was undone', async () => {
    const undone = database.transaction(async (transaction) => {
      await inbox.claim('ledger', ['a'], transaction);
      throw new Error('the effect failed');
    });
    await expect(undone).rejects.toThrow(/^the effect failed$/);
    expect(await claim('ledger', 'a')).toEqual(['a']);
  });

  it('forgets what is old, of one consumer', async () => {
    await claim('ledger', 'old', 'older');
    await claim('another', 'old');
    await database.execute({ text: "update messaging.inbox set handled_at = now() - interval '31 days'" });
    await claim('ledger', 'new');
    await inbox.forget('ledger', 30 * DAY_MS);
    expect(await claim('ledger', 'old', 'older', 'new')).toEqual(['old', 'older']);
    expect(await claim('another', 'old')).toEqual([]);
  });
});
