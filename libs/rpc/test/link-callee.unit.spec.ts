import { describe, expect, it } from '@jest/globals';
import { link, pricing } from '@rookery/contracts/messages';

import { MAX_FRAME_BYTES, MAX_METHODS } from '../src/link/protocol.js';
import { StatusCode } from '../src/status/status-code.js';
import { LinkPair, quotePrice } from './link-pair.js';

const forever = (): Promise<unknown> => new Promise(() => undefined);
const payload = Buffer.from(pricing.QuotePriceRequest.encode({ currency: 'EUR', lines: [] }).finish());

type Frames = Parameters<typeof link.Frame.fromPartial>[0][];
const batch = (...frames: Frames): Buffer =>
  Buffer.from(link.Batch.encode(link.Batch.fromPartial({ frames })).finish());
const callFrame = (id: number, rest: object = {}): Frames[number] => ({
  call: { id, method: 1, path: quotePrice.path, payload, ...rest },
});

/** A caller that keeps to no rule: writes frames by hand and reads, or does not read, what comes. */
class RudeCaller {
  readonly replies: link.Reply[] = [];
  readonly pair: LinkPair;

  constructor(options: ConstructorParameters<typeof LinkPair>[0] = {}, hello: object | 'nothing' = {}) {
    this.pair = new LinkPair(options);
    // The pair's own caller says nothing: its way out is stalled.
    this.pair.toServer.isStalled = true;
    this.pair.toClient.deliver = (bytes) => {
      for (const { reply } of link.Batch.decode(bytes).frames) if (reply !== undefined) this.replies.push(reply);
    };
    if (hello !== 'nothing') this.send({ hello: { minVersion: 1, maxVersion: 1, ...hello } });
  }

  get isCut(): boolean {
    return this.pair.toClient.isCut;
  }

  send(...frames: Frames): void {
    this.pair.callee.receive(batch(...frames));
  }

  /** A turn, and no more: pings are not answered here. */
  async settle(): Promise<void> {
    await this.pair.time.advanceAsync(1);
  }
}

describe('a callee facing a caller that breaks the rules', () => {
  it.each<[string, Frames]>([
    ['calls before the handshake', [callFrame(1)]],
    ['pings before the handshake', [{ ping: { nonce: 1 } }]],
  ])('closes when it %s', (_what, frames) => {
    const caller = new RudeCaller({}, 'nothing');
    caller.send(...frames);
    expect(caller.isCut).toBe(true);
  });

  it('waits 2 s for a handshake', async () => {
    const caller = new RudeCaller({}, 'nothing');
    await caller.pair.time.advanceAsync(1999);
    expect(caller.isCut).toBe(false);
    await caller.pair.time.advanceAsync(2);
    expect(caller.isCut).toBe(true);
  });

  it.each<[string, Frames]>([
    ['greets twice', [{ hello: { minVersion: 1, maxVersion: 1 } }]],
    ['uses the number of a call again', [callFrame(1), callFrame(1)]],
    ['uses a lower number', [callFrame(5), callFrame(4)]],
    ['uses the number 0', [callFrame(0)]],
    ['uses a number past 2^53', [callFrame(2 ** 53)]],
    ['numbers a method too high', [callFrame(1, { method: MAX_METHODS + 1 })]],
    ['sends a frame that is too large', [callFrame(1, { payload: Buffer.alloc(MAX_FRAME_BYTES + 1) })]],
  ])('closes when it %s', async (_what, frames) => {
    const caller = new RudeCaller();
    caller.send(...frames);
    await caller.settle();
    expect(caller.isCut).toBe(true);
    // What stands in a batch behind the fault is not served.
    const served = caller.replies.length;
    caller.send(callFrame(100));
    await caller.settle();
    expect(caller.replies).toHaveLength(served);
  });

  it('serves nothing of a batch after the fault in it', async () => {
    let entered = 0;
    const caller = new RudeCaller({ handler: () => (entered++, { lines: [] }) });
    caller.send(callFrame(1), callFrame(1), callFrame(2), callFrame(3));
    await caller.settle();
    expect(entered).toBe(1);
  });

  it('answers unknown methods shortly, however long their names, and bounds how many it remembers', async () => {
    const caller = new RudeCaller();
    caller.send(callFrame(1, { path: `/${'x'.repeat(60_000)}/Y` }));
    await caller.settle();
    expect(caller.replies[0]).toMatchObject({ code: StatusCode.UNIMPLEMENTED, notStarted: true });
    expect(caller.replies[0]?.message.length).toBeLessThan(300);
  });

  it('answers a request that is no message, also one that reaches into the next frame', async () => {
    const caller = new RudeCaller();
    caller.send(callFrame(1, { payload: Buffer.from([0x0a, 0x05, 0x41]) }), callFrame(2));
    await caller.settle();
    expect(caller.replies).toMatchObject([
      { id: 1, code: StatusCode.INVALID_ARGUMENT },
      { id: 2, code: 0 },
    ]);
  });

  it('refuses calls beyond the credit, and gives up a caller that goes on', async () => {
    const caller = new RudeCaller({ handler: forever, callCredit: 4 });
    for (let id = 1; id <= 10; id++) caller.send(callFrame(id));
    await caller.settle();
    expect(caller.replies.map(({ id }) => id)).toEqual([5, 6, 7, 8, 9, 10]);
    expect(caller.replies[0]).toMatchObject({ code: StatusCode.RESOURCE_EXHAUSTED, notStarted: true });
    for (let id = 11; id <= 5000; id++) caller.send(callFrame(id));
    expect(caller.isCut).toBe(true);
    expect(caller.pair.callee.load).toBe(0);
  });

  it('holds a bounded number of replies for a caller that does not read, and refuses its further calls', async () => {
    const caller = new RudeCaller({ handler: () => ({ lines: [{ sku: 'x'.repeat(50_000), quantity: 1 }] }) });
    caller.pair.toClient.isStalled = true;
    let entered = 0;
    for (let id = 1; id <= 1000; id++) {
      caller.send(callFrame(id));
      entered = id;
      await caller.pair.time.advanceAsync(0);
    }
    expect(entered).toBe(1000);
    caller.pair.toClient.isStalled = false;
    caller.pair.toClient.flow();
    await caller.pair.time.advanceAsync(100);
    const served = caller.replies.filter(({ code }) => code === 0);
    const refused = caller.replies.filter(({ code }) => code === StatusCode.RESOURCE_EXHAUSTED);
    expect(served.length).toBeLessThan(200);
    expect(served.length + refused.length).toBe(1000);
    expect(refused.every(({ notStarted }) => notStarted)).toBe(true);
    // It reads again, so it is served again.
    caller.send(callFrame(1001));
    await caller.settle();
    expect(caller.replies.at(-1)).toMatchObject({ id: 1001, code: 0 });
  });

  it('does not hoard answers to pings for a caller that reads nothing', async () => {
    const caller = new RudeCaller();
    caller.pair.toClient.isStalled = true;
    for (let turn = 0; turn < 400 && !caller.isCut; turn++) {
      caller.send(...Array.from({ length: 1000 }, (_none, nonce) => ({ ping: { nonce } })));
      await caller.pair.time.advanceAsync(0);
    }
    expect(caller.isCut).toBe(true);
    expect(caller.pair.toClient.bytes).toBeLessThan(1024 * 1024);
  });

  it('refuses further links after goodbye, when its callers may not have heard', async () => {
    const caller = new RudeCaller({}, 'nothing');
    caller.pair.isDraining = true;
    const hellos: (link.Hello | undefined)[] = [];
    caller.pair.toClient.deliver = (bytes) => hellos.push(link.Batch.decode(bytes).frames[0]?.hello);
    caller.send({ hello: { minVersion: 1, maxVersion: 1 } });
    await caller.settle();
    expect(hellos).toMatchObject([{ refusal: { reason: link.Refusal_Reason.REASON_DRAINING } }]);
  });
});

describe('cancellation on a link', () => {
  it('frees the credit of a call whose handler goes on', async () => {
    const pair = new LinkPair({ handler: forever, callCredit: 2 });
    await pair.settle();
    for (let round = 0; round < 5000; round++) {
      const call = pair.send();
      if (round % 2 === 0) await pair.time.advanceAsync(0);
      pair.caller.cancel(call);
      await pair.time.advanceAsync(0);
    }
    await pair.settle();
    expect(pair.states).toEqual(['ready']);
    expect(pair.callee.load).toBe(0);
  });

  it('that overtakes its call keeps the call from being served', async () => {
    let entered = 0;
    const pair = new LinkPair({ handler: () => (entered++, { lines: [] }) });
    await pair.settle();
    const cancelled = pair.send();
    const next = pair.send();
    pair.caller.cancel(cancelled);
    await pair.settle();
    expect(entered).toBe(1);
    expect(next.ending?.kind).toBe('succeeded');
  });

  it('is answered by nothing', async () => {
    let answer: (value: unknown) => void = () => undefined;
    const pair = new LinkPair({ handler: () => new Promise((resolve) => (answer = resolve)) });
    await pair.settle();
    const call = pair.send();
    await pair.settle();
    pair.caller.cancel(call);
    await pair.settle();
    const before = pair.toClient.bytes;
    answer({ lines: [] });
    await pair.settle();
    expect(pair.toClient.bytes).toBe(before);
  });
});
