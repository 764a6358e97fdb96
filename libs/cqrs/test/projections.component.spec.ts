import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Type } from '@nestjs/common';
import { StaticCatalogue } from '@rookery/discovery';
import { EventStore } from '@rookery/eventsourcing';
import { type ServiceUnderTest, startUnderTest } from '@rookery/service-kit/testing';
import { query, type TestDatabase, testDatabase, until } from '@rookery/testkit';
import { NextTellerModule, TellerModule } from './deposits.js';

let database: TestDatabase;
let services: ServiceUnderTest[];

beforeEach(async () => {
  database = await testDatabase();
  services = [];
});

afterEach(async () => {
  for (const service of services) await service.stop();
  await database.drop();
});

async function start(module: Type, id: string): Promise<ServiceUnderTest> {
  const environment = { INSTANCE_ID: id, DATABASE_URL: database.url };
  const service = await startUnderTest(module, environment, new StaticCatalogue());
  services.push(service);
  return service;
}

/** So many deposits of 1. */
function deposit(at: ServiceUnderTest | undefined, stream: string, count: number): Promise<void> {
  return depositAll(at, stream, ...Array.from({ length: count }, () => 1));
}

async function depositAll(at: ServiceUnderTest | undefined, stream: string, ...amounts: readonly number[]) {
  const events = amounts.map((amount) => ({ event: { type: 'Deposited', amount }, schema: 1, metadata: {} }));
  await at?.service.app.get(EventStore).append({ stream, expectedVersion: 0, events, commands: [] });
}

/** As an operator asks. */
function sql<Row extends object>(text: string): Promise<readonly Row[]> {
  return query(database.url, text);
}

async function total(generation: number): Promise<number> {
  const [row] = await sql<{ total: string }>(`select total from read_deposits_${generation}.deposits`);
  return Number(row?.total);
}

async function metrics({ http }: ServiceUnderTest): Promise<string> {
  return (await fetch(`${http}/metrics`)).text();
}

describe('a read model', () => {
  it('is made once by instances that start at once, and has each event once', async () => {
    const [a, b] = await Promise.all([start(TellerModule, 'a'), start(TellerModule, 'b')]);
    await Promise.all([deposit(a, 'account-ada', 40), deposit(b, 'account-eve', 2)]);
    await until('all is counted', async () => (await total(1)) === 42);
    await services.shift()?.stop();
    await deposit(services[0], 'account-bob', 8);
    await until('the other instance goes on', async () => (await total(1)) === 50);
  });

  it('is filled anew by the next version before that is called, while the version before goes on', async () => {
    const before = await start(TellerModule, 'a');
    await deposit(before, 'account-ada', 900);
    await until('all is counted', async () => (await total(1)) === 900);
    const next = await start(NextTellerModule, 'b');
    expect(next.service.platform.lifecycle.phase).toBe('ready');
    expect(await total(2)).toBeGreaterThan(0);
    await deposit(before, 'account-eve', 1);
    await until('both count on', async () => (await total(1)) === 901 && (await total(2)) === 90_100);
  });

  it('is made anew by the version before when an operator has dropped what that left', async () => {
    const before = await start(TellerModule, 'a');
    await deposit(before, 'account-ada', 7);
    await until('all is counted', async () => (await total(1)) === 7);
    await services.pop()?.stop();
    await sql(`
      begin;
      drop schema read_deposits_1 cascade;
      delete from rookery.migrations where namespace = 'read_deposits_1';
      delete from event_store.checkpoints where reader = 'read_deposits_1';
      commit;`);
    await start(TellerModule, 'b');
    await until('all is counted again', async () => (await total(1)) === 7);
  });

  it('says by how much it is behind', async () => {
    const teller = await start(TellerModule, 'a');
    const line = 'rookery_log_lag_positions{task="projection deposits 1"} 0';
    await until('it is led', async () => (await metrics(teller)).includes(line));
  });

  it('stands before an event that it cannot apply, says so, and goes on when an operator passes that over', async () => {
    const teller = await start(TellerModule, 'a');
    await depositAll(teller, 'account-ada', 1, 2, -4, 8);
    const line = 'rookery_tasks_stopped{task="projection deposits 1",code="EVENT_NOT_APPLIED"} 1';
    await until('it stands still', async () => (await metrics(teller)).includes(line));
    expect(await total(1)).toBe(3);
    const passed = await sql(`
      update event_store.checkpoints set position = 3
       where reader = 'read_deposits_1' and position = 2 returning position`);
    expect(passed).toHaveLength(1);
    await until('it goes on', async () => (await total(1)) === 11);
    await until('it says so', async () => !(await metrics(teller)).includes('rookery_tasks_stopped{'));
  });
});
