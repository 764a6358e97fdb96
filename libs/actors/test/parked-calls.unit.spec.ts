import { describe, expect, it } from '@jest/globals';
import { ClusterStage, type StagedProcess } from './cluster-stage.js';

const LONG = { timeoutMs: 60_000 };
/** Less than calls may wait for their grain. */
const SHORT = { timeoutMs: 500 };
const PARKING = { perGrain: 3, inAll: 5, timeMs: 2000 };

/** Grains that go to cyd, which has just come, and that ada has not let go of, because it has not heard of cyd yet. */
class PendingHandOver {
  private constructor(
    private readonly stage: ClusterStage,
    private readonly ada: StagedProcess,
    readonly bob: StagedProcess,
    readonly cyd: StagedProcess,
    readonly identities: readonly string[],
  ) {}

  static async begin(parking: Partial<typeof PARKING> = {}): Promise<PendingHandOver> {
    const later = new ClusterStage();
    await later.startAll('ada', 'bob', 'cyd');
    const stage = new ClusterStage({ parking: { ...PARKING, ...parking }, handOverMs: 60_000 });
    const [ada, bob] = await stage.startAll('ada', 'bob');
    const identities: string[] = [];
    while (identities.length < 3) {
      const isNext = (one: string): boolean =>
        !identities.includes(one) && stage.ownerOf(one) === ada && later.ownerOf(one).id === 'cyd';
      identities.push(stage.identityWith(isNext));
    }
    for (const identity of identities) void bob.add(identity, 100);
    await stage.time.advanceAsync(10);
    const cyd = stage.start('cyd');
    stage.allHear(stage.processes, [bob, cyd]);
    await stage.time.advanceAsync(10);
    return new PendingHandOver(stage, ada, bob, cyd, identities);
  }

  /** Ada hears of cyd, and the grains go there. */
  async end(): Promise<void> {
    this.stage.allHear(this.stage.processes, [this.ada]);
    await this.passes(1000);
  }

  passes(ms: number): Promise<void> {
    return this.stage.time.advanceAsync(ms);
  }
}

/** The code that each call was refused with, or the total that it was answered with. */
async function endsOf(calls: readonly Promise<{ readonly total: number }>[]): Promise<readonly (string | number)[]> {
  const outcomes = await Promise.allSettled(calls);
  return outcomes.map((one) => (one.status === 'fulfilled' ? one.value.total : (one.reason as { code: string }).code));
}

describe('calls of a grain that is being handed over', () => {
  it.each(['bob', 'cyd'] as const)(
    'wait for it, as many as may, and are carried out in order; the others are not, and hear GRAIN_BUSY (from %s)',
    async (caller) => {
      const handOver = await PendingHandOver.begin();
      const [identity = ''] = handOver.identities;
      const waiting = [1, 10, 100].map((amount) => handOver[caller].add(identity, amount, LONG));
      const refused = [handOver[caller].add(identity, 1000, SHORT), handOver[caller].add(identity, 10_000, SHORT)];
      await handOver.passes(600);
      expect(await endsOf(refused)).toEqual(['GRAIN_BUSY', 'GRAIN_BUSY']);
      await handOver.end();
      expect(await endsOf(waiting)).toEqual([1, 11, 111]);
    },
  );

  it('wait for all grains of a process together no more than it holds', async () => {
    const handOver = await PendingHandOver.begin();
    const [one = '', other = '', third = ''] = handOver.identities;
    const waiting = [one, one, other, other, third].map((identity) => handOver.bob.add(identity, 1, LONG));
    const refused = [one, other, third].map((identity) => handOver.bob.add(identity, 1, SHORT));
    await handOver.passes(600);
    expect(await endsOf(refused)).toEqual(['GRAIN_BUSY', 'GRAIN_BUSY', 'GRAIN_BUSY']);
    await handOver.end();
    expect(await endsOf(waiting)).toEqual([1, 2, 1, 2, 1]);
  });

  it('are refused when they have waited for as long as they may, and leave their room to others', async () => {
    const handOver = await PendingHandOver.begin({ perGrain: 60, inAll: 60 });
    const [identity = ''] = handOver.identities;
    // Some end soon after they are refused, so that they cannot be made again.
    const ends = Array.from({ length: 60 }, (_, index) => PARKING.timeMs + 10 * index);
    const early = ends.map((timeoutMs) => handOver.cyd.add(identity, 1, { timeoutMs }));
    await handOver.passes(PARKING.timeMs - 1);
    expect(handOver.cyd.refusals).toEqual([]);
    const late = handOver.bob.add(identity, 50, LONG);
    await handOver.passes(1000);
    expect(new Set(await endsOf(early))).toEqual(new Set(['DEADLINE_EXCEEDED', 'HAND_OVER_PENDING']));
    await handOver.end();
    expect(await endsOf([late])).toEqual([50]);
  });

  it('are made again after that, as long as their callers wait', async () => {
    const handOver = await PendingHandOver.begin();
    const [identity = ''] = handOver.identities;
    const patient = handOver.bob.add(identity, 7, LONG);
    await handOver.passes(4 * PARKING.timeMs);
    await handOver.end();
    expect(await endsOf([patient])).toEqual([7]);
  });

  it('find room that others have left behind by giving up', async () => {
    const handOver = await PendingHandOver.begin();
    const [identity = ''] = handOver.identities;
    const gaveUp = [1, 2, 3].map((amount) => handOver.bob.add(identity, amount, SHORT));
    await handOver.passes(600);
    expect(await endsOf(gaveUp)).toEqual(Array(3).fill('DEADLINE_EXCEEDED'));
    const next = handOver.bob.add(identity, 50, LONG);
    await handOver.passes(PARKING.timeMs + 600);
    await handOver.end();
    expect(await endsOf([next])).toEqual([50]);
  });
});
