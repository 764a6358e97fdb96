import { describe, expect, it } from '@jest/globals';

import * as protocol from '../src/link/protocol.js';
import { joined } from './joined-actors.js';
import type { LinkPair } from './link-pair.js';
import { RecordedGate } from './recorded-actors.js';

const FRAME = protocol.MAX_FRAME_BYTES;
const big = (size: number): { currency: string; lines: never[] } => ({ currency: 'x'.repeat(size), lines: [] });
const forever = (): Promise<unknown> => new Promise(() => undefined);

describe('calls and actor frames', () => {
  /** Bytes that arrive at the callee until something holds. */
  const bytesUntil = async (pair: LinkPair, isReached: () => boolean): Promise<number> => {
    const { deliver } = pair.toServer;
    let bytes = 0;
    pair.toServer.deliver = (piece) => {
      deliver(piece);
      if (!isReached()) bytes += piece.length;
    };
    pair.toServer.isStalled = false;
    pair.toServer.flow();
    for (let turn = 0; turn < 50 && !isReached(); turn++) await pair.settle();
    expect(isReached()).toBe(true);
    return bytes;
  };
  const FEW_WRITES = 4 * protocol.MAX_WRITE_BYTES;

  it('take turns: a call waits for a few writes of actors and no more', async () => {
    let isServed = false;
    const handler = (): unknown => ((isServed = true), { lines: [] });
    const { pair, user } = await joined(64 << 20, { handler }, new RecordedGate({ takesAtOnce: true }));
    let rounds = 0;
    user.onWritable = () => (rounds++ < 100 ? void user.flood() : undefined);
    pair.toServer.isStalled = true;
    user.flood();
    await pair.settle();
    pair.send();
    expect(await bytesUntil(pair, () => isServed)).toBeLessThan(FEW_WRITES);
    await pair.settle();
    // They never had nothing to say.
    expect(rounds).toBeGreaterThan(100);
  });

  it('take turns: actors wait for a few writes of calls and no more', async () => {
    const { pair, gate, user } = await joined(FRAME, { callCredit: 10_000, queueLimit: 10_000, handler: forever });
    pair.toServer.isStalled = true;
    for (let call = 0; call < 500; call++) pair.send(big(30_000));
    await pair.settle();
    user.send('mine');
    expect(await bytesUntil(pair, () => gate.received.length > 0)).toBeLessThan(FEW_WRITES);
  });

  it('share the way when both have more than it takes', async () => {
    let called = 0;
    const handler = (): unknown => ((called += 30_000), { lines: [] });
    const options = { callCredit: 10_000, queueLimit: 10_000, handler };
    const { pair, gate, user } = await joined(64 << 20, options, new RecordedGate({ takesAtOnce: true }));
    user.onWritable = () => void user.flood();
    pair.toServer.isStalled = true;
    for (let call = 0; call < 1000; call++) pair.send(big(30_000));
    user.flood();
    await pair.settle();
    let share: number | undefined;
    await bytesUntil(pair, () => {
      const total = called + gate.receivedBytes;
      if (total > 10 << 20) share ??= called / total;
      return share !== undefined;
    });
    expect(share).toBeGreaterThan(0.3);
    expect(share).toBeLessThan(0.7);
  });

  it('are held in bounded memory while the peer reads nothing', async () => {
    const { pair, user } = await joined(64 << 20);
    user.onWritable = () => void user.flood();
    pair.toServer.isStalled = true;
    const frames = user.flood();
    await pair.time.advanceAsync(100);
    const { MAX_ACTOR_BACKLOG_BYTES, MAX_WRITE_BYTES } = protocol;
    expect(frames * FRAME).toBeLessThan(MAX_ACTOR_BACKLOG_BYTES + 3 * MAX_WRITE_BYTES);
    expect(pair.toServer.bytes).toBeLessThan(FEW_WRITES);
  });
});
