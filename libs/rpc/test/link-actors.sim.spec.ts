import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '@rookery/runtime/testing';

import { ACTOR_FRAME_OVERHEAD, MAX_ACTOR_PAYLOAD_BYTES } from '../src/link/protocol.js';
import { joined, type Joined } from './joined-actors.js';
import { RecordedCall } from './link-pair.js';

const SEEDS = 40;
const STEPS = 80;

/** Actor frames and calls on one link under one seed: floods, slow takers, stalls and answers in any order. */
class Traffic {
  readonly sent: string[] = [];
  readonly answers: string[] = [];
  private readonly calls: RecordedCall[] = [];

  private constructor(
    private readonly random: SeededRandom,
    private readonly creditBytes: number,
    private readonly joined: Joined,
  ) {}

  static async run(seed: number): Promise<void> {
    const random = new SeededRandom(seed);
    const creditBytes = MAX_ACTOR_PAYLOAD_BYTES + ACTOR_FRAME_OVERHEAD + Math.floor(random.next() * 1_000_000);
    const traffic = new Traffic(random, creditBytes, await joined(creditBytes));
    for (let step = 0; step < STEPS; step++) await traffic.step();
    await traffic.settle();
  }

  private async step(): Promise<void> {
    const { pair, gate } = this.joined;
    const dice = this.random.next();
    if (dice < 0.4) this.send(this.below(20));
    else if (dice < 0.6) gate.take(this.below(gate.waiting + 1));
    else if (dice < 0.7) this.call();
    else if (dice < 0.8) this.answer();
    else if (dice < 0.9) pair.toServer.isStalled = !pair.toServer.isStalled;
    else pair.toClient.isStalled = !pair.toClient.isStalled;
    for (const pipe of [pair.toServer, pair.toClient]) pipe.flow();
    await pair.time.advanceAsync(this.below(3));
    const { waitingBytes, waiting } = gate;
    expect(waitingBytes + waiting * ACTOR_FRAME_OVERHEAD).toBeLessThanOrEqual(this.creditBytes);
    expect(gate.received).toEqual(this.sent.slice(0, gate.received.length));
  }

  /** When everything flows and is taken, nothing is missing and all credit is back. */
  private async settle(): Promise<void> {
    const { pair, gate, user } = this.joined;
    for (const pipe of [pair.toServer, pair.toClient]) {
      pipe.isStalled = false;
      pipe.flow();
    }
    for (let round = 0; round < 5; round++) {
      await pair.time.advanceAsync(20);
      gate.takeAll();
    }
    await pair.time.advanceAsync(20);
    expect(gate.received).toEqual(this.sent);
    expect(user.actors?.room).toBe(this.creditBytes - ACTOR_FRAME_OVERHEAD);
    expect(user.told.filter((told) => told.startsWith('answered')).map((told) => told.slice(9))).toEqual(this.answers);
    expect(this.calls.map(({ ending }) => ending?.kind)).toEqual(this.calls.map(() => 'succeeded'));
    expect(pair.states.filter((state) => state !== 'suspect' && state !== 'ready')).toEqual([]);
  }

  private send(frames: number): void {
    for (let count = 0; count < frames; count++) {
      const name = `frame ${this.sent.length} `.padEnd(20);
      const size = this.random.next() < 0.3 ? this.below(MAX_ACTOR_PAYLOAD_BYTES - 20) : this.below(200);
      const { user } = this.joined;
      const room = user.actors?.room ?? 0;
      const isSent = user.send(Buffer.concat([Buffer.from(name), Buffer.alloc(size)]));
      expect(isSent).toBe(name.length + size <= room);
      if (isSent) this.sent.push(name);
    }
  }

  private call(): void {
    const call = new RecordedCall({ currency: 'x'.repeat(this.below(30_000)), lines: [] });
    if (this.joined.pair.caller.send(call)) this.calls.push(call);
  }

  private answer(): void {
    const answer = `answer ${this.answers.length}`;
    if (this.joined.gate.answer(Buffer.from(answer))) this.answers.push(answer);
  }

  private below(limit: number): number {
    return Math.floor(this.random.next() * limit);
  }
}

describe('actor frames under any traffic', () => {
  it(`arrive once and in order, never beyond the credit, which comes back: ${SEEDS} seeds`, async () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      try {
        await Traffic.run(seed);
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
    }
  });
});
