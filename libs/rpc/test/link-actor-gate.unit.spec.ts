import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { link } from '@rookery/contracts/messages';

import * as protocol from '../src/link/protocol.js';
import type { ActorGate } from '../src/server/actor-gate.port.js';
import { full, joined, RecordedUser } from './joined-actors.js';
import { LinkPair } from './link-pair.js';
import { RecordedGate } from './recorded-actors.js';

const FRAME = protocol.MAX_FRAME_BYTES;
type Frames = Parameters<typeof link.Frame.fromPartial>[0][];
const batch = (...frames: Frames): Buffer =>
  Buffer.from(link.Batch.encode(link.Batch.fromPartial({ frames })).finish());

describe('a gate', () => {
  const warnings: string[] = [];
  beforeEach(() => {
    jest.spyOn(process, 'emitWarning').mockImplementation((warning) => void warnings.push(String(warning)));
  });
  afterEach(() => {
    jest.restoreAllMocks();
    warnings.length = 0;
  });

  it.each<[string, ActorGate, string | undefined, string]>([
    ['closed to the peer', new RecordedGate({ isClosed: true }), undefined, 'no actor frames are taken from test-1'],
    ['never asked', new RecordedGate(), 'actors of test may not', 'actors of test may not'],
    ['that fails', { open: () => { throw new Error('secret'); } }, undefined, 'its actors cannot be reached'], // prettier-ignore
  ])('%s is told to the sender, and calls go on', async (_what, gate, refusal, reason) => {
    const pair = new LinkPair({ actors: { gate, creditBytes: FRAME, refusalOf: () => refusal } });
    const user = new RecordedUser();
    pair.caller.actors.attach(user);
    await pair.settle();
    user.send('a');
    user.send('b');
    await pair.settle();
    expect(user.told).toEqual(['up', `down: ${reason}`]);
    expect(user.send('c')).toBe(false);
    const call = pair.send();
    await pair.settle();
    expect(call.ending?.kind).toBe('succeeded');
  });

  it('that throws at a frame loses that frame alone', async () => {
    const words: string[] = [];
    const receive = (payload: Uint8Array): void => {
      const word = Buffer.from(payload).toString();
      if (word === 'bad') throw new Error('no such message');
      words.push(word);
    };
    const gate: ActorGate = { open: () => ({ receive, closed: () => undefined }) };
    const pair = new LinkPair({ actors: { gate, creditBytes: FRAME, refusalOf: () => undefined } });
    const user = new RecordedUser();
    pair.caller.actors.attach(user);
    await pair.settle();
    for (const word of ['good', 'bad', 'better']) user.send(word);
    await pair.settle();
    expect(words).toEqual(['good', 'better']);
    expect(warnings).toEqual(['no such message']);
    expect(pair.states).toEqual(['ready']);
  });

  it('cannot take more than came', async () => {
    const { pair, gate, user } = await joined();
    user.send('a');
    await pair.settle();
    gate.take(1);
    expect(() => gate.take(1)).toThrow('more actor frames');
  });

  it('answers no more than a little to a caller that does not read', async () => {
    const { pair, gate, user } = await joined();
    user.send('a');
    await pair.settle();
    pair.toClient.isStalled = true;
    let answers = 0;
    while (gate.answer(full)) answers++;
    expect(answers * FRAME).toBeLessThan(4 * protocol.MAX_WRITE_BYTES);
    pair.toClient.isStalled = false;
    await pair.time.advanceAsync(10);
    expect(gate.answer(Buffer.from('more'))).toBe(true);
  });
});

describe('a peer that breaks the rules of actor frames', () => {
  const hello = { hello: { minVersion: 1, maxVersion: 1 } };
  const frame = { actors: { payload: full } };

  it('is closed when it sends before the handshake', () => {
    const pair = new LinkPair();
    pair.toServer.isStalled = true;
    pair.callee.receive(batch(frame));
    expect(pair.toClient.isCut).toBe(true);
  });

  it.each([
    ['an open gate', undefined],
    ['a refusal', 'not you'],
  ])(
    // prettier-ignore
    'is closed when it sends on without credit, at %s',
    (_where, refusal) => {
      const gate = new RecordedGate();
      const pair = new LinkPair({ actors: { gate, creditBytes: 4 * FRAME, refusalOf: () => refusal } });
      pair.toServer.isStalled = true;
      pair.callee.receive(batch(hello));
      for (let sent = 0; sent < 5; sent++) pair.callee.receive(batch(frame));
      expect(pair.toClient.isCut).toBe(false);
      pair.callee.receive(batch(frame));
      expect(pair.toClient.isCut).toBe(true);
      expect(gate.received.length).toBeLessThanOrEqual(5);
    },
  );

  it('is ignored where actors are not offered', () => {
    const pair = new LinkPair();
    pair.toServer.isStalled = true;
    pair.callee.receive(batch(hello, ...Array.from({ length: 1000 }, () => frame)));
    expect(pair.toClient.isCut).toBe(false);
  });

  it('is given up when it calls frames taken that were never sent', async () => {
    const { pair, user } = await joined();
    user.send('a');
    pair.caller.receive(batch({ taken: { frames: 2 } }));
    expect(pair.states).toEqual(['ready', 'closed']);
    expect(user.told).toEqual(['up', 'down: took 2 actor frames of 1']);
  });
});
