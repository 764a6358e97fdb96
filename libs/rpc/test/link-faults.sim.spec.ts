import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '@rookery/runtime/testing';

import { StatusCode } from '../src/status/status-code.js';
import { LinkPair, RecordedCall } from './link-pair.js';

const SEEDS = 300;
const STEPS = 60;

/** A call whose request says who it is, so that the handler can tell. */
class NumberedCall extends RecordedCall {
  isCancelled = false;

  constructor(
    readonly number: number,
    size: number,
    deadlineAt: number,
  ) {
    super({ currency: 'x'.repeat(size), lines: [{ sku: String(number), quantity: 1 }] }, deadlineAt);
  }
}

/** Both ends of one link under one seed: traffic, delays, stalls, cancellations, goodbyes and cuts in any order. */
class Storm {
  readonly calls: NumberedCall[] = [];
  /** How often the handler was entered, by the number of the call. */
  readonly entered = new Map<number, number>();
  readonly pair: LinkPair;
  private readonly random: SeededRandom;
  private readonly answers: (() => void)[] = [];

  constructor(seed: number) {
    this.random = new SeededRandom(seed);
    this.pair = new LinkPair({
      callCredit: 1 + this.below(20),
      queueLimit: 1 + this.below(40),
      concurrencyLimit: 1 + this.below(30),
      handler: (request) => this.handle(request as { lines: { sku: string }[] }),
    });
  }

  async run(): Promise<void> {
    await this.pair.settle();
    for (let step = 0; step < STEPS; step++) {
      this.act();
      await this.pair.time.advanceAsync(this.chance(0.1) ? this.below(3000) : this.below(20));
    }
    await this.settle();
  }

  /** Everything stalled flows again, everything open is answered, and what is left is closed. */
  private async settle(): Promise<void> {
    const { pair } = this;
    for (let round = 0; round < 5; round++) {
      for (const pipe of [pair.toServer, pair.toClient]) {
        pipe.isStalled = false;
        pipe.flow();
      }
      for (const answer of this.answers.splice(0)) answer();
      await pair.time.advanceAsync(50);
    }
    pair.caller.leave('the test is over');
    await pair.time.advanceAsync(20_000);
    for (const answer of this.answers.splice(0)) answer();
    await pair.time.advanceAsync(60_000);
  }

  private act(): void {
    const { pair } = this;
    const dice = this.random.next();
    if (dice < 0.55) this.burst();
    else if (dice < 0.7) this.answerSome();
    else if (dice < 0.8) this.cancelSome();
    else if (dice < 0.86) pair.toServer.isStalled = !pair.toServer.isStalled;
    else if (dice < 0.92) pair.toClient.isStalled = !pair.toClient.isStalled;
    else if (dice < 0.96) [pair.toServer, pair.toClient].forEach((pipe) => pipe.flow());
    else if (dice < 0.98) pair.callee.goodbye('drain');
    else if (dice < 0.99) pair.caller.ended('connection reset');
    else pair.toServer.destroy('connection reset');
  }

  private burst(): void {
    const { pair } = this;
    for (let count = this.below(12); count > 0; count--) {
      const size = this.chance(0.2) ? this.below(70_000) : this.below(100);
      const deadlineAt = this.chance(0.3) ? pair.time.clock.monotonic() + this.below(200) : Number.POSITIVE_INFINITY;
      const call = new NumberedCall(this.calls.length, size, deadlineAt);
      if (pair.caller.send(call)) this.calls.push(call);
    }
  }

  private handle(request: { lines: { sku: string }[] }): unknown {
    const number = Number(request.lines[0]?.sku);
    this.entered.set(number, (this.entered.get(number) ?? 0) + 1);
    const response = { lines: this.chance(0.1) ? [{ sku: 'x'.repeat(70_000), quantity: 1 }] : [] };
    if (this.chance(0.3)) return response;
    return new Promise((resolve, reject) => {
      this.answers.push(this.chance(0.2) ? () => reject(new Error('broken')) : () => resolve(response));
    });
  }

  private answerSome(): void {
    for (const answer of this.answers.splice(0, this.below(10))) answer();
  }

  private cancelSome(): void {
    for (const call of this.calls) {
      if (call.ending !== undefined || call.isCancelled || !this.chance(0.2)) continue;
      call.isCancelled = true;
      this.pair.caller.cancel(call);
    }
  }

  private below(limit: number): number {
    return Math.floor(this.random.next() * limit);
  }

  private chance(share: number): boolean {
    return this.random.next() < share;
  }
}

/** What must never be said of a call; that it ends twice throws where it happens. */
const CALL_FAULTS: Readonly<Record<string, (call: NumberedCall, runs: number) => boolean>> = {
  'never ended': ({ ending, isCancelled }) => ending === undefined && !isCancelled,
  'was cancelled and ended': ({ ending, isCancelled }) => ending !== undefined && isCancelled,
  'ran twice': (_call, runs) => runs > 1,
  'succeeded and never ran': ({ ending }, runs) => ending?.kind === 'succeeded' && runs === 0,
  'ran and was given back as not started': ({ ending }, runs) =>
    runs > 0 && ending?.kind === 'failed' && ending.status.isNotStarted,
  'ran and was given back as too large': ({ ending }, runs) => runs > 0 && ending?.kind === 'too-large',
  'failed with OK': ({ ending }) => ending?.kind === 'failed' && ending.status.code === StatusCode.OK,
};

/** What went wrong, in words; empty when nothing did. */
function faultsOf({ calls, entered, pair }: Storm): string[] {
  const left = {
    'calls at the caller': pair.caller.load,
    'calls at the callee': pair.callee.load,
    'calls in work': pair.dispatcher.inFlight,
    timers: pair.time.pending,
  };
  return [
    ...calls.flatMap((call) =>
      Object.entries(CALL_FAULTS)
        .filter(([, isFault]) => isFault(call, entered.get(call.number) ?? 0))
        .map(([what]) => `call ${call.number} ${what}`),
    ),
    ...Object.entries(left).flatMap(([what, count]) => (count > 0 ? [`${count} ${what} are left over`] : [])),
  ];
}

describe('a link in a storm', () => {
  it(`ends every call once, runs none twice and leaves nothing behind, for ${SEEDS} seeds`, async () => {
    const endings = new Map<string, number>();
    for (let seed = 1; seed <= SEEDS; seed++) {
      const storm = new Storm(seed);
      await storm.run();
      expect({ seed, faults: faultsOf(storm) }).toEqual({ seed, faults: [] });
      for (const { ending } of storm.calls) {
        const kind = ending?.kind ?? 'cancelled';
        endings.set(kind, (endings.get(kind) ?? 0) + 1);
      }
    }
    // The storm reaches every way in which a call can end.
    for (const kind of ['succeeded', 'failed', 'lost', 'too-large', 'collect', 'cancelled']) {
      expect([kind, endings.get(kind) ?? 0]).toEqual([kind, expect.any(Number)]);
      expect(endings.get(kind) ?? 0).toBeGreaterThan(20);
    }
  });
});
