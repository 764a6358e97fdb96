import { Database, eventStoreMigrations, migrate, PostgresCheckpoints, PostgresEventStore } from '@rookery/postgres';
import type { Resolver } from '@rookery/discovery';
import type { Transaction } from '@rookery/postgres';
import { RpcClient } from '@rookery/rpc';
import { testDatabase } from '@rookery/testkit';
import { inboxMigrations, PostgresInbox } from '../src/consuming/postgres-inbox.js';
import { FeedClient } from '../src/feed/feed.client.js';
import { type ConsumerScript, ScriptedConsumer } from '../src/testing/index.js';
import { SERVICE, system } from './feed-provider.js';

const words = {
  namespace: 'words',
  migrations: [
    { number: 1, name: 'what was heard', sql: 'create table words (place serial, consumer text, word text)' },
  ],
};

/** The database of consumers, and the processes that are connected to it. */
export class ConsumerDatabase {
  private readonly opened: { close(): Promise<void> }[] = [];
  private processes = 0;

  private constructor(
    private readonly url: string,
    private readonly drop: () => Promise<void>,
    readonly own: Database,
  ) {
    this.opened.push(own);
  }

  static async create(): Promise<ConsumerDatabase> {
    const { drop, url } = await testDatabase();
    const own = new Database({ url, applicationName: 'the test' });
    await migrate(own, [eventStoreMigrations, inboxMigrations, words]);
    return new ConsumerDatabase(url, drop, own);
  }

  /** A log in this database too, for the service that publishes. */
  store(): Promise<PostgresEventStore> {
    return PostgresEventStore.open(this.own);
  }

  /** A process with connections of its own. */
  start(script: ConsumerScript, resolver: Resolver): ScriptedConsumer<Transaction> {
    const applicationName = `process ${++this.processes}`;
    const database = new Database({ url: this.url, applicationName, maxConnections: 3 });
    const self = { service: 'caller', instanceId: applicationName, incarnation: 'only' };
    const rpc = new RpcClient({ ...system, resolver, security: { isPlaintextAllowed: false }, self });
    this.opened.push(database, rpc);
    const cut = async (): Promise<void> => {
      const text = 'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1';
      await this.own.query({ text, values: [applicationName] });
      await rpc.close();
    };
    return new ScriptedConsumer(script, {
      service: SERVICE,
      transport: new FeedClient(rpc, system.scheduler),
      checkpoints: new PostgresCheckpoints(database),
      inbox: new PostgresInbox(database),
      write: async (transaction, consumer, word) => {
        await transaction.query({
          text: 'insert into words.words (consumer, word) values ($1, $2)',
          values: [consumer, word],
        });
      },
      cut,
    });
  }

  async written(consumer: string): Promise<readonly string[]> {
    const text = 'select word from words.words where consumer = $1 order by place';
    const { rows } = await this.own.query<{ word: string }>({ text, values: [consumer] });
    return rows.map(({ word }) => word);
  }

  async close(): Promise<void> {
    for (const one of this.opened.reverse()) await one.close();
    await this.drop();
  }
}
