import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@rookery/runtime';

import { link } from '@rookery/contracts/messages';

import { MAX_FRAME_BYTES } from '../src/link/protocol.js';
import { StatusCode } from '../src/status/status-code.js';
import { LinkPair, RecordedCall } from './link-pair.js';

const big = (size: number): { currency: string; lines: never[] } => ({ currency: 'x'.repeat(size), lines: [] });
const gate = (): { open: (value: unknown) => void; handler: () => Promise<unknown>; entered: () => number } => {
  const waiting: ((value: unknown) => void)[] = [];
  let entered = 0;
  const handler = (): Promise<unknown> => {
    entered++;
    return new Promise((resolve) => waiting.push(resolve));
  };
  return { handler, entered: () => entered, open: (value) => waiting.splice(0).forEach((resolve) => resolve(value)) };
};

describe('a link', () => {
  it('answers calls after the handshake', async () => {
    const pair = new LinkPair({ handler: () => ({ total: { currency: 'EUR', minorUnits: 12 }, lines: [] }) });
    await pair.settle();
    expect(pair.states).toEqual(['ready']);
    const call = pair.send();
    await pair.settle();
    expect(call.ending).toMatchObject({ kind: 'succeeded', response: { total: { minorUnits: 12 } } });
  });

  it('takes no call before the handshake', () => {
    const pair = new LinkPair();
    expect(pair.caller.send(new RecordedCall({}))).toBe(false);
  });

  it.each([
    ['another instance', { instanceId: 'pricing-2', incarnation: '' }],
    ['another incarnation', { instanceId: 'pricing-1', incarnation: 'second' }],
  ])('refuses a caller that expects %s', async (_whom, expected) => {
    const pair = new LinkPair({ expected });
    await pair.settle();
    expect(pair.states).toEqual(['closed']);
    expect(pair.caller.send(new RecordedCall({}))).toBe(false);
  });

  it('refuses a caller when it is leaving', async () => {
    const pair = new LinkPair();
    pair.isDraining = true;
    await pair.settle();
    expect(pair.states).toEqual(['closed']);
  });

  it('gives up a handshake that is not answered within 2 s', async () => {
    const pair = new LinkPair();
    pair.toServer.isStalled = true;
    await pair.time.advanceAsync(1999);
    expect(pair.states).toEqual([]);
    await pair.time.advanceAsync(2);
    expect(pair.states).toEqual(['closed']);
  });

  it('carries a DomainError with its details', async () => {
    const pair = new LinkPair({
      handler: () => {
        throw new DomainError('SOLD_OUT', 'no unit is left', { kind: 'failed-precondition', retryAfterMs: 250 });
      },
    });
    await pair.settle();
    const call = pair.send();
    await pair.settle();
    expect(call.ending).toMatchObject({
      kind: 'failed',
      status: { code: StatusCode.FAILED_PRECONDITION, message: 'no unit is left', retryAfterMs: 250 },
    });
  });

  it('shows nothing of an unexpected error', async () => {
    const pair = new LinkPair({
      handler: () => {
        throw new Error('password=secret');
      },
    });
    await pair.settle();
    const call = pair.send();
    await pair.settle();
    expect(call.ending).toMatchObject({
      status: { code: StatusCode.INTERNAL, message: 'internal error', details: [] },
    });
  });

  it('answers a call whose time is up without entering the handler', async () => {
    let entered = 0;
    const pair = new LinkPair({ handler: () => ++entered });
    await pair.settle();
    const call = pair.send(undefined, pair.time.clock.monotonic() + 0.5);
    await pair.settle();
    expect(call.ending).toMatchObject({ status: { code: StatusCode.DEADLINE_EXCEEDED, isNotStarted: true } });
    expect(entered).toBe(0);
  });

  it('tells the handler that its caller is gone', async () => {
    let signal: AbortSignal | undefined;
    const pair = new LinkPair({
      handler: (_request, context) => {
        signal = context.signal;
        return new Promise(() => undefined);
      },
    });
    await pair.settle();
    const call = pair.send();
    await pair.settle();
    expect(signal?.aborted).toBe(false);
    pair.caller.cancel(call);
    await pair.settle();
    expect(signal?.aborted).toBe(true);
    expect(call.ending).toBeUndefined();
  });
});

describe('flow control of a link', () => {
  it('keeps calls beyond the credit back and sends them as answers come', async () => {
    const door = gate();
    const pair = new LinkPair({ handler: door.handler, callCredit: 3 });
    await pair.settle();
    const calls = Array.from({ length: 8 }, () => pair.send());
    await pair.settle();
    expect(door.entered()).toBe(3);
    door.open({ lines: [] });
    await pair.settle();
    expect(door.entered()).toBe(6);
    door.open({ lines: [] });
    await pair.settle();
    door.open({ lines: [] });
    await pair.settle();
    expect(calls.map((call) => call.ending?.kind)).toEqual(Array(8).fill('succeeded'));
  });

  it('takes no call when the queue is full', async () => {
    const pair = new LinkPair({ handler: gate().handler, callCredit: 1, queueLimit: 2 });
    await pair.settle();
    const taken = Array.from({ length: 5 }, () => pair.caller.send(new RecordedCall({ currency: '', lines: [] })));
    expect(taken).toEqual([true, true, true, false, false]);
  });

  it('bounds what it holds when the reader stalls, and delivers when it reads again', async () => {
    const pair = new LinkPair({ callCredit: 100_000, queueLimit: 200 });
    await pair.settle();
    pair.toServer.isStalled = true;
    const calls: RecordedCall[] = [];
    for (let turn = 0; turn < 500; turn++) {
      const call = new RecordedCall(big(30_000));
      if (pair.caller.send(call)) calls.push(call);
      await pair.time.advanceAsync(0);
    }
    expect(calls.length).toBeLessThan(300);
    expect(pair.toServer.bytes).toBeLessThan(1024 * 1024);
    pair.toServer.isStalled = false;
    pair.toServer.flow();
    await pair.time.advanceAsync(50);
    expect(calls.every((call) => call.ending?.kind === 'succeeded')).toBe(true);
  });

  it('does not deadlock when both readers stall', async () => {
    const pair = new LinkPair({
      handler: () => ({ lines: [{ sku: 'x'.repeat(30_000), quantity: 1 }] }),
      callCredit: 100_000,
      queueLimit: 100,
    });
    await pair.settle();
    pair.toServer.isStalled = true;
    pair.toClient.isStalled = true;
    const calls: RecordedCall[] = [];
    for (let turn = 0; turn < 100; turn++) {
      const call = new RecordedCall(big(30_000));
      if (pair.caller.send(call)) calls.push(call);
    }
    await pair.time.advanceAsync(10);
    pair.toServer.isStalled = false;
    pair.toServer.flow();
    await pair.time.advanceAsync(10);
    pair.toClient.isStalled = false;
    pair.toClient.flow();
    await pair.time.advanceAsync(50);
    expect(calls.filter((call) => call.ending?.kind === 'succeeded')).toHaveLength(calls.length);
  });

  it('hands a payload larger than a frame back unsent', async () => {
    const pair = new LinkPair();
    await pair.settle();
    const call = pair.send(big(MAX_FRAME_BYTES + 1));
    expect(call.ending).toEqual({ kind: 'too-large' });
    const next = pair.send();
    await pair.settle();
    expect(next.ending?.kind).toBe('succeeded');
  });

  it('leaves a response larger than a frame to be collected once', async () => {
    const pair = new LinkPair({ handler: () => ({ lines: [{ sku: 'x'.repeat(MAX_FRAME_BYTES), quantity: 1 }] }) });
    await pair.settle();
    const call = pair.send();
    await pair.settle();
    expect(call.ending).toEqual({ kind: 'collect' });
    const ticket = call.ticket ?? new Uint8Array();
    expect(pair.tickets.collect(ticket)?.length).toBeGreaterThan(MAX_FRAME_BYTES);
    expect(pair.tickets.collect(ticket)).toBeUndefined();
  });

  it('refuses calls at the limit as not started', async () => {
    const pair = new LinkPair({ handler: gate().handler, concurrencyLimit: 2 });
    await pair.settle();
    const calls = [pair.send(), pair.send(), pair.send()];
    await pair.settle();
    expect(calls[2]?.ending).toMatchObject({ status: { code: StatusCode.RESOURCE_EXHAUSTED, isNotStarted: true } });
  });
});

describe('versions of the link', () => {
  const hello = (minVersion: number, maxVersion: number): Buffer => {
    const frame = { hello: { minVersion, maxVersion, instanceId: 'pricing-1', incarnation: 'first', callCredit: 8 } };
    return Buffer.from(link.Batch.encode(link.Batch.fromPartial({ frames: [frame] })).finish());
  };

  it('meets a peer that also speaks the version before', async () => {
    const pair = new LinkPair();
    pair.toServer.isStalled = true;
    pair.caller.receive(hello(0, 1));
    expect(pair.caller.state).toBe('ready');
  });

  it('meets a peer that also speaks the next version', async () => {
    const pair = new LinkPair();
    pair.toServer.isStalled = true;
    pair.caller.receive(hello(1, 2));
    expect(pair.caller.state).toBe('ready');
  });

  it('parts from a peer that speaks later versions alone', async () => {
    const pair = new LinkPair();
    pair.toServer.isStalled = true;
    pair.caller.receive(hello(2, 3));
    expect(pair.caller.state).toBe('closed');
  });

  it('ignores frames and fields that it does not know', async () => {
    const pair = new LinkPair();
    await pair.settle();
    // Field 15 of Frame, and field 9 of Batch.
    pair.caller.receive(Buffer.from([0x0a, 0x03, 0x7a, 0x01, 0x41, 0x4a, 0x01, 0x42]));
    const call = pair.send();
    await pair.settle();
    expect(call.ending?.kind).toBe('succeeded');
  });
});
