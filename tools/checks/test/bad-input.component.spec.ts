import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Type } from '@nestjs/common';
import { Grains } from '@rookery/actors-nest';
import {
  InventoryServiceClient,
  InventoryServiceDefinition,
  InventoryServiceGrainClient,
  OrderQueryServiceClient,
  OrderQueryServiceDefinition,
  OrdersServiceClient,
  OrdersServiceDefinition,
  OrdersServiceGrainClient,
  PaymentsServiceClient,
  PaymentsServiceDefinition,
  PaymentsServiceGrainClient,
} from '@rookery/contracts/nest';
import { type ServiceUnderTest, startUnderTest } from '@rookery/service-kit/testing';
import { query, type TestDatabase, testDatabase } from '@rookery/testkit';
import { AppModule as Inventory } from '../../../apps/inventory/src/app.module.js';
import { AppModule as Orders } from '../../../apps/orders/src/app.module.js';
import { AppModule as Payments } from '../../../apps/payments/src/app.module.js';
import { asked } from './bad-requests.js';

/** What a service has of itself that bad input must not touch. */
const TABLES = ['event_store.events', 'event_store.answered_commands', 'event_store.snapshots', 'timers.timers'];

const modules = { inventory: Inventory, payments: Payments, orders: Orders };
type Name = keyof typeof modules;

const clients = {
  InventoryService: InventoryServiceClient,
  PaymentsService: PaymentsServiceClient,
  OrdersService: OrdersServiceClient,
  OrderQueryService: OrderQueryServiceClient,
};
const grains = {
  InventoryService: InventoryServiceGrainClient,
  PaymentsService: PaymentsServiceGrainClient,
  OrdersService: OrdersServiceGrainClient,
};
const definitions = [
  InventoryServiceDefinition,
  PaymentsServiceDefinition,
  OrdersServiceDefinition,
  OrderQueryServiceDefinition,
];
const methods = definitions.flatMap(({ methods: all }) =>
  all.map(({ path, property, routingKey }) => {
    const [, kind = ''] = /\.v1\.(\w+)\//.exec(path) ?? [];
    return { path, property, kind, isForGrains: kind in grains && routingKey === undefined };
  }),
);
type Asking = (typeof methods)[number];

const running = new Map<Name, { readonly service: ServiceUnderTest; readonly database: TestDatabase; token: string }>();

beforeAll(async () => {
  for (const name of Object.keys(modules) as Name[]) {
    const database = await testDatabase();
    const service = await startUnderTest(modules[name] as Type, { DATABASE_URL: database.url });
    const scopes = ['inventory:read', 'inventory:write', 'orders:read', 'orders:write', 'payments:read'];
    running.set(name, { service, database, token: await service.token(scopes) });
  }
});

afterAll(async () => {
  for (const { service, database } of running.values()) {
    await service.stop();
    await database.drop();
  }
});

function houseOf(path: string) {
  const [, name = ''] = /^\/rookery\.(\w+)\.v1\./.exec(path) ?? [];
  const house = running.get(name as Name);
  if (house === undefined) throw new Error(`nobody serves ${path}`);
  return house;
}

type Answer = Promise<unknown> | AsyncIterable<unknown>;
type Callee = Readonly<Record<string, (request: unknown, options?: unknown) => Answer>>;

/** As a caller from outside would ask; what is for the grain alone, as the service itself does. */
async function ask({ isForGrains, kind, path, property }: Asking, request: object): Promise<unknown> {
  const { service, token } = houseOf(path);
  const callee: Callee = isForGrains
    ? service.service.app.get(Grains).get(grains[kind as keyof typeof grains] as never, 'any')
    : service.client(clients[kind as keyof typeof clients] as never);
  const answer = callee[property]?.(request, isForGrains ? {} : { token });
  if (answer === undefined) throw new Error(`${path} has no client`);
  return Symbol.asyncIterator in answer ? answer[Symbol.asyncIterator]().next() : answer;
}

/** How many rows each table has. */
async function stored(name: Name): Promise<Readonly<Record<string, number>>> {
  const url = running.get(name)?.database.url ?? '';
  const counted = TABLES.map(async (table) => {
    const [row] = await query<{ count: number }>(url, `select count(*)::int from ${table}`);
    return [table, row?.count ?? 0] as const;
  });
  return Object.fromEntries(await Promise.all(counted));
}

describe('bad input', () => {
  it('is known for every method of the sale, and for every field of what it takes', () => {
    expect(Object.keys(asked).sort()).toEqual(methods.map(({ path }) => path).sort());
    for (const [path, { bad, good }] of Object.entries(asked)) {
      expect({ path, fields: Object.keys(bad) }).toEqual({
        path,
        fields: expect.arrayContaining(Object.keys(good)),
      });
    }
  });

  it.each(methods)('of $path is refused by the name of its field', async (method) => {
    const { bad, good } = asked[method.path] ?? { bad: {}, good: {} };
    for (const [field, changes] of Object.entries(bad)) {
      for (const change of changes) {
        const refusal = await ask(method, { ...good, ...change }).then(
          () => 'an answer',
          (error: unknown) => error,
        );
        const request = JSON.stringify(change).slice(0, 80);
        expect({ request, refusal }).toMatchObject({ request, refusal: { kind: 'invalid-argument' } });
        const fields = (refusal as { violations: readonly { field: string }[] }).violations.map((one) => one.field);
        expect({ request, fields: [...new Set(fields)] }).toEqual({ request, fields: [field] });
      }
    }
  });

  it.each(Object.keys(modules) as Name[])('leaves nothing stored in %s', async (name) => {
    expect(await stored(name)).toEqual(Object.fromEntries(TABLES.map((table) => [table, 0])));
  });
});
