import { describe, expect, it } from '@jest/globals';
import { link } from '@rookery/contracts/messages';

import { DEFAULT_QUEUE_LIMIT, MAX_CALL_CREDIT } from '../src/link/protocol.js';
import { StatusCode } from '../src/status/status-code.js';
import { LinkPair, RecordedCall } from './link-pair.js';

const forever = (): Promise<unknown> => new Promise(() => undefined);

describe('the end of a link', () => {
  it('is suspected after two missed pings, within 3 s, and closed after five', async () => {
    const pair = new LinkPair();
    await pair.settle();
    pair.toClient.isStalled = true;
    await pair.time.advanceAsync(2200);
    expect(pair.states).toEqual(['ready']);
    await pair.time.advanceAsync(800);
    expect(pair.states).toEqual(['ready', 'suspect']);
    await pair.time.advanceAsync(3000);
    expect(pair.states).toEqual(['ready', 'suspect', 'closed']);
  });

  it('is trusted again when it answers', async () => {
    const pair = new LinkPair();
    await pair.settle();
    await pair.silence(3000);
    expect(pair.states).toEqual(['ready', 'suspect', 'ready']);
  });

  it('does not come while nobody calls', async () => {
    const pair = new LinkPair();
    await pair.time.advanceAsync(60_000);
    expect(pair.states).toEqual(['ready']);
  });

  it('loses calls on their way, and gives back those that never left', async () => {
    const pair = new LinkPair({ handler: forever, callCredit: 2 });
    await pair.settle();
    const sent = pair.send();
    await pair.settle();
    const [written, queued] = [pair.send(), pair.send()];
    pair.caller.ended('connection reset');
    expect(sent.ending).toEqual({ kind: 'lost' });
    const unsent = { kind: 'failed', status: { code: StatusCode.UNAVAILABLE, isNotStarted: true } };
    expect(written.ending).toMatchObject(unsent);
    expect(queued.ending).toMatchObject(unsent);
  });

  it('by goodbye lets calls in work end and refuses later ones as not started', async () => {
    let open: (value: unknown) => void = () => undefined;
    const pair = new LinkPair({ handler: () => new Promise((resolve) => (open = resolve)) });
    await pair.settle();
    const inWork = pair.send();
    await pair.settle();
    const crossing = pair.send();
    pair.callee.goodbye('drain');
    await pair.settle();
    expect(pair.states).toEqual(['ready', 'leaving']);
    expect(crossing.ending).toMatchObject({ status: { code: StatusCode.UNAVAILABLE, isNotStarted: true } });
    expect(pair.caller.send(new RecordedCall({}))).toBe(false);
    open({ lines: [] });
    await pair.settle();
    expect(inWork.ending?.kind).toBe('succeeded');
    await pair.settle();
    expect(pair.states).toEqual(['ready', 'leaving', 'closed']);
  });

  it('is final: a link that leaves and falls silent is never ready again', async () => {
    const pair = new LinkPair({ handler: forever });
    await pair.settle();
    pair.send();
    await pair.settle();
    pair.callee.goodbye('drain');
    await pair.settle();
    await pair.silence(3000);
    expect(pair.states).toEqual(['ready', 'leaving']);
  });

  it('comes when the last call of a leaving link is cancelled', async () => {
    const pair = new LinkPair({ handler: forever });
    await pair.settle();
    const call = pair.send();
    await pair.settle();
    pair.callee.goodbye('drain');
    await pair.settle();
    pair.caller.cancel(call);
    await pair.settle();
    expect(pair.states).toEqual(['ready', 'leaving', 'closed']);
  });

  it('is torn down when the provider does not end its side', async () => {
    const pair = new LinkPair();
    await pair.settle();
    pair.toServer.isStalled = true;
    pair.toServer.onEnd = () => undefined;
    pair.caller.leave('no longer in the registry');
    await pair.time.advanceAsync(1900);
    expect(pair.toServer.isCut).toBe(false);
    await pair.time.advanceAsync(200);
    expect(pair.toServer.isCut).toBe(true);
  });

  it('leaves no timer behind, whoever ends it', async () => {
    for (const end of ['caller', 'callee', 'leave'] as const) {
      const pair = new LinkPair();
      await pair.settle();
      if (end === 'leave') pair.caller.leave('done');
      else pair[end].close('done');
      await pair.time.advanceAsync(10);
      expect(pair.time.pending).toBe(0);
    }
  });
});

describe('a caller facing a provider that breaks the rules', () => {
  const batch = (...frames: Parameters<typeof link.Frame.fromPartial>[0][]): Buffer =>
    Buffer.from(link.Batch.encode(link.Batch.fromPartial({ frames })).finish());
  const hello = { instanceId: 'pricing-1', incarnation: 'first', minVersion: 1, maxVersion: 1, callCredit: 8 };
  const met = (greeting: object): LinkPair => {
    const pair = new LinkPair();
    pair.toServer.isStalled = true;
    pair.caller.receive(batch({ hello: { ...hello, ...greeting } }));
    return pair;
  };

  it('parts from an instance that does not say that it is another', () => {
    expect(met({ instanceId: 'pricing-2' }).states).toEqual(['closed']);
    expect(met({ incarnation: 'second' }).states).toEqual(['closed']);
  });

  it('parts after a second handshake, and after bytes that are no frames', () => {
    const pair = met({});
    pair.caller.receive(batch({ hello }));
    expect(pair.states).toEqual(['ready', 'closed']);
    const other = met({});
    other.caller.receive(Buffer.from([0x0a, 0x7f, 0x01]));
    expect(other.states).toEqual(['ready', 'closed']);
  });

  it('waits in a bounded queue where it never gets credit', () => {
    const pair = met({ callCredit: 0 });
    const taken = Array.from({ length: 1100 }, () => pair.caller.send(new RecordedCall({ currency: '', lines: [] })));
    expect(taken.filter(Boolean)).toHaveLength(1024);
  });

  it('keeps a bound of its own, whatever credit it is given', async () => {
    const pair = met({ callCredit: 4_000_000_000 });
    for (let sent = 0; sent < 100_000; sent++) pair.caller.send(new RecordedCall({ currency: '', lines: [] }));
    await pair.settle();
    expect(pair.caller.load).toBeLessThan(MAX_CALL_CREDIT + DEFAULT_QUEUE_LIMIT + 1);
    expect(pair.caller.send(new RecordedCall({ currency: '', lines: [] }))).toBe(false);
  });

  it('takes replies to calls that it never made, and two goodbyes, in its stride', async () => {
    const pair = met({});
    const call = pair.send();
    await pair.settle();
    const replies = [{ id: 99 }, { id: 2 ** 52, code: 14 }, { id: 0 }].map((reply) => ({ reply }));
    pair.caller.receive(batch(...replies));
    expect(call.ending).toBeUndefined();
    const goodbye = { goodbye: { lastAcceptedId: 1, reason: 'drain' } };
    pair.caller.receive(batch(goodbye, goodbye));
    expect(call.ending).toBeUndefined();
    pair.caller.receive(batch({ reply: { id: 1 } }, { reply: { id: 1 } }));
    expect(call.ending?.kind).toBe('succeeded');
    expect(pair.states).toEqual(['ready', 'leaving', 'closed']);
  });

  it('calls a response that is no message an internal error and goes on', async () => {
    const pair = met({});
    const call = pair.send();
    await pair.settle();
    pair.caller.receive(batch({ reply: { id: 1, payload: Buffer.from([0x0a, 0x7f]) } }));
    expect(call.ending).toMatchObject({ kind: 'failed', status: { code: StatusCode.INTERNAL } });
    expect(pair.states).toEqual(['ready']);
  });

  it('sends no frame larger than the provider takes', () => {
    const pair = met({ maxFrameBytes: 1000 });
    expect(pair.send({ currency: 'x'.repeat(1000), lines: [] }).ending).toEqual({ kind: 'too-large' });
    expect(pair.send({ currency: 'x'.repeat(500), lines: [] }).ending).toBeUndefined();
  });

  it('does not hoard answers to pings for a provider that reads nothing', async () => {
    const pair = met({});
    for (let turn = 0; turn < 400 && pair.caller.state !== 'closed'; turn++) {
      pair.caller.receive(batch(...Array.from({ length: 1000 }, (_none, nonce) => ({ ping: { nonce } }))));
      await pair.time.advanceAsync(0);
    }
    expect(pair.caller.state).toBe('closed');
    expect(pair.toServer.bytes).toBeLessThan(1024 * 1024);
  });
});
