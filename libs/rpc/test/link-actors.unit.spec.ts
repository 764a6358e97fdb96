import { describe, expect, it } from '@jest/globals';
import { link } from '@rookery/contracts/messages';

import * as protocol from '../src/link/protocol.js';
import { full, joined, RecordedUser } from './joined-actors.js';
import { LinkPair } from './link-pair.js';
import { RecordedGate } from './recorded-actors.js';

const FRAME = protocol.MAX_FRAME_BYTES;

/** How many frames of a kind the callee has sent. */
function countTaken(pair: LinkPair): () => number {
  let seen = 0;
  pair.toClient.deliver = (bytes) => {
    seen += link.Batch.decode(bytes).frames.filter(({ taken }) => taken !== undefined).length;
    pair.caller.receive(bytes);
  };
  return () => seen;
}

describe('actor frames on a link', () => {
  it('arrive in order at a gate that knows whose they are, and are answered', async () => {
    const { pair, gate, user } = await joined();
    for (const word of ['one', 'two', 'three']) expect(user.send(word)).toBe(true);
    await pair.settle();
    expect(gate.received).toEqual(['one', 'two', 'three']);
    expect(gate.peers).toMatchObject([{ service: 'test', instanceId: 'test-1', incarnation: 'only' }]);
    expect(gate.answer(Buffer.from('yes'))).toBe(true);
    await pair.settle();
    expect(user.told).toEqual(['up', 'answered yes']);
  });

  it('are told as taken once in a turn', async () => {
    const { pair, gate, user } = await joined();
    const taken = countTaken(pair);
    for (let frame = 0; frame < 100; frame++) user.send('x');
    await pair.settle();
    gate.take(60);
    await pair.settle();
    expect(user.told).toEqual(['up', 'taken 60']);
    gate.take(40);
    await pair.settle();
    expect(user.told).toEqual(['up', 'taken 60', 'taken 100']);
    expect(taken()).toBe(2);
  });

  it('stop at the credit and go on when frames are taken', async () => {
    const { pair, gate, user } = await joined(4 * FRAME);
    expect(user.flood()).toBe(4);
    expect(user.actors?.room).toBe(0);
    await pair.settle();
    expect(gate.received).toHaveLength(4);
    expect(user.told).toEqual(['up']);
    gate.take(1);
    await pair.settle();
    expect(user.told).toEqual(['up', 'taken 1', 'writable']);
    expect(user.actors?.room).toBe(full.length);
    expect(user.flood()).toBe(1);
  });

  it('that find too little room are told when there is more', async () => {
    const { pair, gate, user } = await joined(FRAME + 100);
    user.send(full);
    expect(user.actors?.room).toBe(100 - protocol.ACTOR_FRAME_OVERHEAD);
    expect(user.send(Buffer.alloc(200))).toBe(false);
    await pair.settle();
    gate.take(1);
    await pair.settle();
    expect(user.told).toEqual(['up', 'taken 1', 'writable']);
    expect(user.send(Buffer.alloc(200))).toBe(true);
  });

  it('larger than a frame are an error of who sends them', async () => {
    const { pair, gate, user } = await joined();
    expect(() => user.send(Buffer.alloc(full.length + 1))).toThrow(RangeError);
    user.send('a');
    await pair.settle();
    expect(() => gate.answer(Buffer.alloc(full.length + 1))).toThrow(RangeError);
  });

  it('are not sent to a provider that does not offer to take them', async () => {
    const pair = new LinkPair();
    const user = new RecordedUser();
    pair.caller.actors.attach(user);
    await pair.settle();
    const { bytes } = pair.toServer;
    expect(user.told).toEqual([]);
    expect(pair.caller.actors.send(Buffer.from('x'))).toBe(false);
    await pair.settle();
    expect(pair.toServer.bytes).toBe(bytes);
  });

  it('have no room before their user was told that the link stands', async () => {
    const { pair, user } = await joined();
    pair.caller.actors.detach();
    pair.caller.actors.attach(user);
    expect(pair.caller.actors.room).toBe(0);
    await pair.settle();
    expect(user.told).toEqual(['up', 'up']);
    expect(pair.caller.actors.room).toBeGreaterThan(0);
  });

  it('are counted anew for a second user of the same link', async () => {
    const { pair, gate, user } = await joined();
    user.send('first');
    pair.caller.actors.detach();
    const second = new RecordedUser();
    pair.caller.actors.attach(second);
    await pair.settle();
    second.send('second');
    await pair.settle();
    gate.take(1);
    await pair.settle();
    gate.take(1);
    await pair.settle();
    expect(second.told).toEqual(['up', 'taken 1']);
    expect(user.told).toEqual(['up']);
  });
});

describe('a goodbye', () => {
  it('leaves the link to actors until the provider ends it', async () => {
    const { pair, gate, user } = await joined();
    pair.callee.goodbye('drain');
    await pair.time.advanceAsync(30_000);
    expect(pair.states).toEqual(['ready', 'leaving']);
    expect(user.send('handed over')).toBe(true);
    await pair.settle();
    gate.takeAll();
    gate.answer(Buffer.from('mine too'));
    await pair.settle();
    expect(gate.received).toEqual(['handed over']);
    expect([...user.told].sort()).toEqual(['answered mine too', 'taken 1', 'up']);
    pair.callee.end();
    await pair.settle();
    expect(pair.states).toEqual(['ready', 'leaving', 'closed']);
    expect(user.told.at(-1)).toBe('down: the other side ended');
  });

  it('ends the link when calls have ended and the last actors are gone', async () => {
    let open: (value: unknown) => void = () => undefined;
    const { pair, gate, user } = await joined(FRAME, { handler: () => new Promise((resolve) => (open = resolve)) });
    pair.send();
    user.send('a');
    await pair.settle();
    pair.callee.goodbye('drain');
    await pair.settle();
    pair.caller.actors.detach();
    expect(pair.caller.state).toBe('leaving');
    open({ lines: [] });
    await pair.settle();
    expect(pair.caller.state).toBe('closed');
    expect(gate.endings).toHaveLength(1);
  });

  it('is not put off by actors that the provider refused', async () => {
    const { pair, user } = await joined(FRAME, {}, new RecordedGate({ isClosed: true }));
    user.send('a');
    await pair.settle();
    pair.callee.goodbye('drain');
    await pair.settle();
    expect(pair.states).toEqual(['ready', 'leaving', 'closed']);
  });
});
