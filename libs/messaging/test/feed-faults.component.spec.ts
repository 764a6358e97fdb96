import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '@rookery/runtime';
import { HeldResolver, until } from '@rookery/testkit';
import { ScriptedStock } from '../src/testing/index.js';
import { ConsumerDatabase } from './consumer-database.js';
import { FeedProvider } from './feed-provider.js';

describe('a consumer of a feed', () => {
  let database: ConsumerDatabase;
  let stock: ScriptedStock;
  let providers: FeedProvider[];
  let resolver: HeldResolver;
  beforeEach(async () => {
    database = await ConsumerDatabase.create();
    const store = await database.store();
    stock = new ScriptedStock(store);
    providers = [await FeedProvider.start(store, 'a'), await FeedProvider.start(store, 'b')];
    resolver = new HeldResolver(providers.map(({ instance }) => instance));
  });
  afterEach(async () => {
    for (const provider of providers) await provider.close();
    await database.close();
  });

  const untilWritten = (count: number): Promise<void> =>
    until(`${count} words are written`, async () => (await database.written('ledger')).length >= count);

  it('goes on at another instance when the one that it reads from drains', async () => {
    const consumer = database.start({ name: 'ledger' }, resolver);
    await stock.receive('tea', 1);
    await untilWritten(1);
    const [leaving] = providers.filter(({ feed }) => feed.subscribers > 0);
    resolver.list(providers.filter((one) => one !== leaving).map(({ instance }) => instance));
    leaving?.feed.end();
    await stock.receive('tea', 2);
    await untilWritten(2);
    expect(consumer.failures).toEqual([]);
    await consumer.stop();
  });

  it('waits for a provider that it has never heard, which is no failure, and begins when there is one', async () => {
    resolver.list([]);
    const consumer = database.start({ name: 'ledger' }, resolver);
    await stock.receive('tea', 1);
    await until('the consumer has found nobody', () => consumer.waits > 0);
    resolver.list(providers.map(({ instance }) => instance));
    await untilWritten(1);
    expect(consumer.failures).toEqual([]);
    await consumer.stop();
  });

  it('fails for want of a provider that it has heard before, also after a restart, until that is back', async () => {
    const before = database.start({ name: 'ledger' }, resolver);
    await stock.receive('tea', 1);
    await untilWritten(1);
    await before.stop();
    resolver.list([]);
    const consumer = database.start({ name: 'ledger' }, resolver);
    await until('it has found nobody', () => consumer.failures.length > 1);
    expect(consumer.failures[0]).toMatchObject({ code: 'NO_PROVIDER' });
    expect(consumer.waits).toBe(0);
    await stock.receive('tea', 2);
    resolver.list(providers.map(({ instance }) => instance));
    await untilWritten(2);
    await consumer.stop();
  });

  it('stops at once while it waits for a provider', async () => {
    resolver.list([]);
    const consumer = database.start({ name: 'ledger' }, resolver);
    await until('the consumer has found nobody', () => consumer.waits > 0);
    await consumer.stop();
    expect(consumer.failures).toEqual([]);
  });

  it('goes on behind an event that it cannot handle when an operator passes that over, by what its failure says', async () => {
    const script = {
      name: 'ledger',
      before: (word: string) => {
        if (word === 'tea+2') throw new Error('it is too much');
      },
    };
    const consumer = database.start(script, resolver);
    await stock.receive('tea', 1);
    await stock.count('tea');
    await stock.receive('tea', 2, 3);
    await until('it has failed', () => consumer.failures.length > 0);
    const said = /its checkpoint at (\d+), waits at position (\d+) \(rookery.inventory.v1.StockReceived/;
    const [, checkpoint, position] = said.exec(String(consumer.failures.at(-1))) ?? [];
    expect(position).toBe('3');
    const passOver = {
      text: `update event_store.checkpoints set position = $1 where reader = 'consumer ledger' and position = $2`,
      values: [position, checkpoint],
    };
    expect((await database.own.query(passOver)).count).toBe(1);
    await untilWritten(2);
    expect(await database.written('ledger')).toEqual(['tea+1', 'tea+3']);
    await consumer.stop();
  });

  it('stands right before an event whose effect is refused when it is committed, and says which one that is', async () => {
    await database.own.query({ text: 'alter table words.words add unique (word) deferrable initially deferred' });
    await stock.receive('tea', 1, 2, 2, 3);
    const consumer = database.start({ name: 'ledger' }, resolver);
    await until('it has failed', () => consumer.failures.length > 0);
    expect(consumer.failures[0]).toMatchObject({ code: 'EVENT_NOT_HANDLED' });
    expect(String(consumer.failures[0])).toMatch(/its checkpoint at 2, waits at position 3 \(.*duplicate key/);
    expect(await database.written('ledger')).toEqual(['tea+1', 'tea+2']);
    await consumer.stop();
  });

  it('stands still when the log was replaced, until an operator says from where to go on', async () => {
    const consumer = database.start({ name: 'ledger' }, resolver);
    await stock.receive('tea', 1, 2);
    await untilWritten(2);
    await consumer.stop();
    // What a restored log is to who has read its original: one of another epoch.
    await database.own.query({ text: 'update event_store.log set epoch = gen_random_uuid()' });
    await stock.receive('tea', 3);
    const next = database.start({ name: 'ledger' }, resolver);
    await until('it has failed twice', () => next.failures.length > 1);
    expect(next.failures[0]).toBeInstanceOf(DomainError);
    expect(next.failures[0]).toMatchObject({ code: 'LOG_REPLACED' });
    expect(await database.written('ledger')).toEqual(['tea+1', 'tea+2']);

    await database.own.query({ text: "delete from event_store.checkpoints where reader = 'consumer ledger'" });
    await untilWritten(3);
    expect(await database.written('ledger')).toEqual(['tea+1', 'tea+2', 'tea+3']);
    await next.stop();
  });
});
