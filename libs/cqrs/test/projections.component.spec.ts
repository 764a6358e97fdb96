import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Type } from '@nestjs/common';
import { StaticCatalogue } from '@rookery/discovery';
import { EventStore } from '@rookery/eventsourcing';
import { type ServiceUnderTest, startUnderTest } from '@rookery/service-kit/testing';
import { type TestDatabase, testDatabase, until } from '@rookery/testkit';
import pg from 'pg';
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
async function deposit(at: ServiceUnderTest | undefined, stream: string, count: number): Promise<void> {
  const event = { event: { type: 'Deposited', amount: 1 }, schema: 1, metadata: {} };
  const events = Array.from({ length: count }, () => event);
  await at?.service.app.get(EventStore).append({ stream, expectedVersion: 0, events, commands: [] });
}

async function total(generation: number): Promise<number> {
  const connection = new pg.Client({ connectionString: database.url });
  await connection.connect();
  try {
    const { rows } = await connection.query<{ total: string }>(
      `select total from read_deposits_${generation}.deposits`,
    );
    return Number(rows[0]?.total);
  } finally {
    await connection.end();
  }
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

  it('says by how much it is behind', async () => {
    const { http } = await start(TellerModule, 'a');
    await until('it is led', async () => {
      const text = await (await fetch(`${http}/metrics`)).text();
      return text.includes('rookery_log_lag_positions{task="projection deposits 1"} 0');
    });
  });
});
