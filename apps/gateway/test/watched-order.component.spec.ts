import { Controller, Module } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { orders } from '@rookery/contracts/messages';
import {
  type CallContext,
  type OrderQueryServiceController,
  OrderQueryServiceControllerMethods,
} from '@rookery/contracts/nest';
import { DomainError } from '@rookery/runtime';
import { ServiceKitModule } from '@rookery/service-kit';
import { type ServiceUnderTest, startUnderTest } from '@rookery/service-kit/testing';
import { until } from '@rookery/testkit';

import { AppModule } from '../src/app.module.js';
import { statusOf } from './status-of.js';
import { StreamClient } from './stream-client.js';

const ORDER = '0193f1c2-0000-7000-8000-000000000001';
const NOBODYS = '0193f1c2-0000-7000-8000-000000000002';
const { ORDER_STATUS_PLACED, ORDER_STATUS_CONFIRMED } = orders.OrderStatus;

const calls: CallContext[] = [];
let confirm: () => void = () => undefined;

@Controller()
@OrderQueryServiceControllerMethods()
class OrderQueryController implements OrderQueryServiceController {
  listOrders(): orders.ListOrdersResponse {
    return { orders: [], nextPageToken: '' };
  }

  async *watchOrder(
    { orderId }: orders.WatchOrderRequest,
    context: CallContext,
  ): AsyncGenerator<orders.WatchOrderResponse> {
    calls.push(context);
    if (orderId !== ORDER) throw new DomainError('ORDER_NOT_FOUND', 'there is no such order', { kind: 'not-found' });
    yield orders.WatchOrderResponse.fromPartial({ order: { orderId, status: ORDER_STATUS_PLACED } });
    await new Promise<void>((resolve) => (confirm = resolve));
    yield orders.WatchOrderResponse.fromPartial({ order: { orderId, status: ORDER_STATUS_CONFIRMED } });
  }
}

@Module({ imports: [ServiceKitModule.forRoot({ name: 'orders' })], controllers: [OrderQueryController] })
class OrdersModule {}

let gateway: ServiceUnderTest;
let provider: ServiceUnderTest;
let url: string;
let authorization: string;

/** The edge of a gateway, once it has the route. */
async function edgeOf({ service }: ServiceUnderTest): Promise<string> {
  const edge = `http://127.0.0.1:${service.platform.endpoints.all()['edge']}`;
  await until('the route is there', async () => (await statusOf(`${edge}/v1/orders`)) === 401);
  return edge;
}

beforeAll(async () => {
  provider = await startUnderTest(OrdersModule);
  authorization = `Bearer ${await provider.token(['orders:read'], 'ann')}`;
  gateway = await startGateway();
  url = await edgeOf(gateway);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

beforeEach(() => {
  calls.length = 0;
});

function startGateway(): Promise<ServiceUnderTest> {
  return startUnderTest(AppModule, { ...provider.trust, GATEWAY_PORT: '0' }, provider.catalogue);
}

function watch(orderId: string, headers: Record<string, string> = {}): Promise<StreamClient> {
  return StreamClient.open(`${url}/v1/orders/${orderId}:watch`, { headers: { authorization, ...headers } });
}

describe('an order that is watched through the gateway', () => {
  it('tells each change as it comes, then that there is no more', async () => {
    const client = await watch(ORDER, { accept: 'text/event-stream' });
    await client.seen('"status":"ORDER_STATUS_PLACED"');
    expect(calls[0]?.principal?.subject).toBe('ann');
    expect(client.text).not.toContain('CONFIRMED');
    confirm();
    expect(await client.rest()).toMatch(/"ORDER_STATUS_CONFIRMED".*\n\nid: end\nevent: end\ndata: \{\}\n\n$/);
  });

  it('is a problem where there is none', async () => {
    const missing = await watch(NOBODYS);
    expect(JSON.parse(await missing.rest())).toMatchObject({ status: 404, code: 'ORDER_NOT_FOUND' });
    const invalid = await watch('none');
    expect(JSON.parse(await invalid.rest())).toMatchObject({ status: 400, violations: [{ field: 'orderId' }] });
  });

  it('ends at its provider when the client goes', async () => {
    const client = await watch(ORDER);
    await client.seen('PLACED');
    client.leave();
    await until('the provider hears', () => calls[0]?.signal.aborted === true);
  });

  it('ends with a last line when the time that the client has given is over', async () => {
    const client = await watch(ORDER, { 'request-timeout': '3' });
    expect(await client.rest()).toMatch(/\n\{"error":\{.*"status":504,.*"code":"DEADLINE_EXCEEDED"\}\}\n$/);
  });

  it('sends its client elsewhere when the gateway stops', async () => {
    const other = await startGateway();
    const edge = await edgeOf(other);
    const headers = { authorization, accept: 'text/event-stream' };
    const client = await StreamClient.open(`${edge}/v1/orders/${ORDER}:watch`, { headers });
    await client.seen('PLACED');
    const { isClean, cutCalls } = await other.service.stop();
    expect([isClean, cutCalls]).toEqual([true, 0]);
    expect(await client.rest()).toMatch(/\n\nretry: \d+\nevent: reconnect\ndata: .*"DRAINING".*\n\n$/);
    expect(client.isComplete).toBe(true);
    await other.stop();
  });
});
