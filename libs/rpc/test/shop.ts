import { expect } from '@jest/globals';
import { TestServiceDefinition } from '@rookery/contracts/nest';
import { Placement } from '@rookery/resilience';

import type { ServiceChannel } from '../src/client/service-channel.js';
import { change, look, type Provider, request, response, type Stage } from './provider.js';

export const KIND = TestServiceDefinition.name;
export const routingKey = 'responseStatus.message';
export const reserve = { ...change, routingKey };
export const count = { ...look, routingKey };
export const SKUS = Array.from({ length: 300 }, (_, index) => `SKU-${index}`);

export function about(sku: string): typeof request {
  return { ...request, responseStatus: { code: 0, message: sku } };
}

export function ownerAmong(providers: readonly Provider[], sku: string): Provider {
  const owner = new Placement(KIND, providers, ({ id }) => id).ownerOf(sku);
  if (owner === undefined) throw new Error('nobody');
  return owner;
}

/** The first SKU that `owner` owns among these. */
export function ownedBy(owner: Provider, providers: readonly Provider[]): string {
  return SKUS.find((sku) => ownerAmong(providers, sku) === owner) ?? '';
}

/** Providers that note the SKUs they are asked about, and refuse those for which `refusal` has an error. */
export class Shop {
  readonly asked = new Map<string, string[]>();
  refusal: (id: string, sku: string) => Error | undefined = () => undefined;

  constructor(private readonly stage: Stage) {}

  async open(id: string): Promise<Provider> {
    const asked: string[] = [];
    this.asked.set(id, asked);
    const answer = (message: unknown): typeof response => {
      const sku = (message as typeof request).responseStatus?.message ?? '';
      asked.push(sku);
      const error = this.refusal(id, sku);
      if (error !== undefined) throw error;
      return response;
    };
    return this.stage.provider(id, { unaryCall: answer, cacheableUnaryCall: answer });
  }

  async three(): Promise<[Provider, Provider, Provider]> {
    return [await this.open('p1'), await this.open('p2'), await this.open('p3')];
  }

  /** Who was asked about a SKU, in the order of the ids. */
  whoWasAsked(sku: string): string[] {
    return [...this.asked].flatMap(([id, skus]) => skus.filter((each) => each === sku).map(() => id));
  }
}

/** Asks about every SKU once, and expects each to come to its owner and to nobody else. */
export async function expectOneHop(channel: ServiceChannel, shop: Shop, owners: readonly Provider[]): Promise<void> {
  await Promise.all(SKUS.map((sku) => channel.unary(reserve, about(sku))));
  for (const sku of SKUS) expect(shop.whoWasAsked(sku)).toEqual([ownerAmong(owners, sku).id]);
}
