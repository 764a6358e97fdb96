import { expect, it } from '@jest/globals';
import { describeElection } from '@rookery/eventsourcing/testing';
import { until } from '@rookery/testkit';
import { PostgresElection } from './postgres-election.js';
import { TestDatabase } from './testing/index.js';
import { StallingProxy } from './testing/stalling-proxy.js';

const server = process.env['DATABASE_URL'] ?? '';

describeElection('PostgreSQL', async () => {
  const own = await TestDatabase.create(server);
  const election = new PostgresElection(own.open({ applicationName: `${own.name}_cut_off` }), { beatMs: 50 });
  const another = new PostgresElection(own.open(), { beatMs: 50 });
  return {
    election,
    another,
    cutOff: async () => {
      expect(await own.killConnections(`${own.name}_cut_off`)).toBe(1);
    },
    close: async () => {
      election.close();
      another.close();
      await own.drop();
    },
  };
});

it('says what keeps it from electing anybody while its server cannot be reached, and elects when it can', async () => {
  const own = await TestDatabase.create(server);
  const proxy = new StallingProxy(new URL(server));
  await proxy.open();
  const election = new PostgresElection(own.open({ url: proxy.urlOf(own.url) }), { beatMs: 50 });
  const end = new AbortController();
  const first = await election.lead('task', end.signal);
  expect(election.failure).toBeUndefined();
  await proxy.close();
  const second = election.lead('task', end.signal);
  await until('it says so', () => first.signal.aborted && election.failure !== undefined);
  expect(election.failure).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  await proxy.open();
  await second;
  expect(election.failure).toBeUndefined();
  election.close();
  await proxy.close();
  await own.drop();
});
