import { Logger } from '@nestjs/common';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '@rookery/runtime';
import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';
import type { Drain, DrainParticipant } from '@rookery/service-kit';
import type { GatewayHttpClient, GatewayRequest } from './gateway-http.client.js';
import { ALL_GOODS, HOT } from './goods.js';
import { Restocking } from './restocking.js';
import type { Sale } from './sale.js';

/** An inventory behind a gateway: counts each delivery once, and answers unless it is told to be silent about the next. */
class FakedGateway {
  readonly stock = new Map<string, number>();
  readonly keys: string[] = [];
  isSilentOnce = false;
  asked = 0;

  send({ body, idempotencyKey, path }: GatewayRequest): Promise<unknown> {
    this.asked++;
    const sku = /^\/v1\/stock\/([a-z]+)/.exec(path)?.[1] ?? '';
    if (idempotencyKey !== undefined) this.receive(sku, (body as { quantity: number }).quantity, idempotencyKey);
    if (idempotencyKey !== undefined && this.isSilentOnce) {
      this.isSilentOnce = false;
      return Promise.reject(new DomainError('GATEWAY_SLOW', 'no answer', { kind: 'deadline-exceeded' }));
    }
    return Promise.resolve({ stock: { sku, available: String(this.stock.get(sku) ?? 0) } });
  }

  private receive(sku: string, quantity: number, key: string): void {
    if (!this.keys.includes(key)) this.stock.set(sku, (this.stock.get(sku) ?? 0) + quantity);
    this.keys.push(key);
  }
}

let gateway: FakedGateway;
let time: VirtualTime;
let participants: DrainParticipant[];
let isListed: boolean;
let restocking: Restocking;

beforeAll(() => {
  Logger.overrideLogger(false);
});

beforeEach(() => {
  gateway = new FakedGateway();
  time = new VirtualTime();
  participants = [];
  isListed = true;
  const drain: Drain = { add: (participant) => void participants.push(participant) };
  const sale = { has: () => isListed } as unknown as Sale;
  const http = gateway as unknown as GatewayHttpClient;
  restocking = new Restocking(http, sale, time.clock, new SeededRandom(1), time, drain);
  restocking.onApplicationBootstrap();
});

async function pass(seconds: number): Promise<void> {
  for (let tenth = 0; tenth < seconds * 10; tenth++) {
    time.advance(100);
    for (let step = 0; step < 100; step++) await Promise.resolve();
  }
}

describe('Restocking', () => {
  it('fills every shelf once, and then the one that is sold out', async () => {
    await pass(2);
    expect(restocking.hasOpened).toBe(true);
    expect([...gateway.stock].sort()).toEqual(ALL_GOODS.map(({ delivery, sku }) => [sku, delivery]).sort());
    await pass(20);
    expect(gateway.keys).toHaveLength(ALL_GOODS.length);
    gateway.stock.set(HOT.sku, 0);
    await pass(6);
    expect(gateway.stock.get(HOT.sku)).toBe(HOT.delivery);
    expect(restocking.unitsReceived).toBe(ALL_GOODS.reduce((sum, { delivery }) => sum + delivery, HOT.delivery));
  });

  it('tells a delivery again under the same key when nobody answered, so that it counts once', async () => {
    gateway.isSilentOnce = true;
    await pass(3);
    const [first, second] = gateway.keys;
    expect(second).toBe(first);
    expect(gateway.stock.get(ALL_GOODS[0]?.sku ?? '')).toBe(ALL_GOODS[0]?.delivery);
    expect(restocking.hasOpened).toBe(true);
    expect(new Set(gateway.keys).size).toBe(ALL_GOODS.length);
  });

  it('waits for inventory, and ends with the service', async () => {
    isListed = false;
    await pass(10);
    expect(gateway.asked).toBe(0);
    isListed = true;
    for (const { stop } of participants) stop?.();
    await pass(10);
    expect(gateway.asked).toBe(0);
  });
});
