import { afterEach, describe, expect, it } from '@jest/globals';
import { grpcTesting } from '@rookery/contracts/messages';
import { HeldResolver, until } from '@rookery/testkit';

import type { ServiceChannel } from '../src/client/service-channel.js';
import { RecordingObserver } from './recording-observer.js';
import { change, clientOf, failureOf, Gate, look, Provider, request, response, SERVICE } from './provider.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

async function joined(
  ...args: Parameters<typeof Provider.start>
): Promise<[Provider, ServiceChannel, RecordingObserver]> {
  const provider = await Provider.start(...args);
  const observer = new RecordingObserver();
  const client = clientOf(new HeldResolver([provider.instance()]), { observer });
  open.unshift(client, provider);
  const channel = client.channel(SERVICE);
  await until('it is usable', () => channel.instances().every((each) => each.isUsable));
  return [provider, channel, observer];
}

/** A busy machine may be slow: whether calls are served is asked, not how soon. */
const patient = { timeoutMs: 100_000 };

const payloadOf = (size: number): grpcTesting.SimpleResponse =>
  grpcTesting.SimpleResponse.fromPartial({ payload: { body: Buffer.alloc(size) } });

describe('a link over a real connection', () => {
  it('answers small calls before a response of 3 MB that was asked for first', async () => {
    const [, channel] = await joined('p1', {
      unaryCall: () => payloadOf(3 * 1024 * 1024),
      cacheableUnaryCall: () => response,
    });
    const order: string[] = [];
    const large = Array.from({ length: 4 }, () =>
      channel.unary(change, request, patient).then(() => order.push('large')),
    );
    const small = Array.from({ length: 50 }, () =>
      channel.unary(look, request, patient).then(() => order.push('small')),
    );
    await Promise.all([...large, ...small]);
    expect(order.indexOf('large')).toBe(50);
  });

  it('refuses beyond its bounds while the provider does not read, and serves what it took when it reads again', async () => {
    const [provider, channel] = await joined('p1', { unaryCall: () => response });
    provider.proxy.stall();
    const body = grpcTesting.SimpleRequest.fromPartial({ payload: { body: Buffer.alloc(15_000) } });
    let refused = 0;
    let served = 0;
    const calls = Array.from({ length: 3000 }, () =>
      channel.unary(change, body, patient).then(
        () => served++,
        (error: { kind: string }) => {
          expect(error.kind).toBe('resource-exhausted');
          refused++;
        },
      ),
    );
    await until('calls are refused', () => refused > 500);
    expect(served).toBe(0);
    // 45 MB were asked for; what is kept here is less than a credit and a queue of calls, unencoded but for a few writes.
    provider.proxy.resume();
    await Promise.all(calls);
    expect(served + refused).toBe(3000);
    expect(served).toBeGreaterThan(900);
    expect(provider.calls).toHaveLength(served);
  });

  it('does not deadlock when neither side is read while both have much to say', async () => {
    const [provider, channel] = await joined('p1', { unaryCall: () => payloadOf(50_000) });
    const body = grpcTesting.SimpleRequest.fromPartial({ payload: { body: Buffer.alloc(50_000) } });
    const warm = Array.from({ length: 200 }, () => channel.unary(change, body, patient));
    provider.proxy.stall();
    const more = Array.from({ length: 200 }, () => channel.unary(change, body, patient));
    provider.proxy.resume();
    const all = await Promise.all([...warm, ...more]);
    expect(all.every(({ payload }) => payload?.body.length === 50_000)).toBe(true);
  });

  it('fails a large response whose way is cut as unknown, and never asks again', async () => {
    const gate = new Gate();
    const [provider, channel] = await joined('p1', { unaryCall: gate.handler });
    const failure = failureOf(channel.unary(change, request));
    await until('it is in work', () => gate.entered === 1);
    provider.proxy.cut();
    expect(await failure).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    await until('it is back', () => channel.instances().every((each) => each.isUsable));
    expect(gate.entered).toBe(1);
  });

  it('comes back after cuts, again and again', async () => {
    const [provider, channel, observer] = await joined('p1', { cacheableUnaryCall: () => response });
    for (let round = 0; round < 5; round++) {
      const before = observer.connections.length;
      provider.proxy.cut();
      // Not by its state now: it may be back between two looks.
      await until('it is seen', () => observer.connections.slice(before).includes('p1 down'));
      await until('it is back', () => channel.instances().every((each) => each.isUsable));
      await channel.unary(look, request);
    }
    await until('no link is left over', () => provider.server.openLinks === 1);
  });
});
