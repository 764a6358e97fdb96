import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '@rookery/runtime/testing';
import { LedTask, ProcessRunner, type StepHandler } from '../src/index.js';
import { InMemoryElection } from '../src/testing/index.js';
import { errand, type ErrandInput, type ErrandStep } from './errand.js';
import { Life } from './mortal.js';
import { Office } from './office.js';

const IDS = ['a', 'b'];
/** More calls than a runner makes here. */
const ENOUGH = 200;

/** An office in which two errands have begun, one of them told twice, and what was carried out for them. */
class Errands {
  readonly office = new Office();
  /** By process and step: the ids under which it was carried out. */
  readonly carriedOut = new Map<string, string[]>();

  async begin(): Promise<void> {
    for (const id of [...IDS, 'a']) await this.office.happens('ada', { type: 'Deposited', amount: 1, note: id });
  }

  readonly perform: StepHandler<ErrandStep, ErrandInput> = async ({ name }, { commandId, processId }) => {
    const key = `${processId} ${name}`;
    this.carriedOut.set(key, [...(this.carriedOut.get(key) ?? []), commandId]);
    return { type: 'Stepped', step: name };
  };

  runner(life: Life, perform = this.perform) {
    const { checkpoints, random, store, time, timers } = this.office;
    return new ProcessRunner({
      ...{ manager: errand, random, clock: time.clock, scheduler: time, report: () => undefined },
      ...{ store: life.reaching(store), checkpoints: life.reaching(checkpoints), timers: life.reaching(timers) },
      perform: (step, call) => life.call(() => perform(step, call)),
    });
  }

  /** All is done, once, and each step went under one id. */
  async expectDone(): Promise<void> {
    const { checkpoints, store, timers } = this.office;
    for (const id of IDS) {
      const { events } = await store.readStream(`errand-${id}`, 0, 100);
      expect(events.map(({ event }) => event['step'] ?? event.type)).toEqual(['Begun', 'fetch', 'bring']);
    }
    const ids = [...this.carriedOut.values()].map((all) => new Set(all).size);
    expect(ids).toEqual(IDS.flatMap(() => [1, 1]));
    expect(await timers.due('errand', 10, [])).toEqual([]);
    expect((await checkpoints.load('errand'))?.position).toBe(
      (await store.readLog({ after: undefined, limit: 0 })).head,
    );
  }
}

describe('processes', () => {
  it.each([false, true])(
    'go on wherever their runner dies, at any of its calls to the outside (done by then: %s)',
    async (isLastCallDone) => {
      let deaths = 0;
      for (let diesAt = 1; diesAt < ENOUGH; diesAt++) {
        const errands = new Errands();
        await errands.begin();
        const first = new Life(diesAt, isLastCallDone);
        const left = errands.runner(first).follow(new AbortController().signal, () => undefined);
        left.catch(() => undefined);
        await errands.office.time.advanceAsync(300);
        if (first.isOver) deaths++;
        const end = new AbortController();
        const going = errands.runner(new Life(Infinity, true)).follow(end.signal, () => undefined);
        await errands.office.time.advanceAsync(2000);
        await errands.expectDone();
        end.abort();
        await going;
      }
      expect(deaths).toBeGreaterThan(20);
    },
  );

  it('are done once when two runners both believe that they are the only one', async () => {
    for (let seed = 1; seed <= 30; seed++) {
      const errands = new Errands();
      const { time } = errands.office;
      const random = new SeededRandom(seed);
      const erratic: StepHandler<ErrandStep, ErrandInput> = async (step, call) => {
        await new Promise<void>((resolve) => time.timer(random.int(200), resolve));
        if (random.next() < 0.3) throw new Error('nobody is there');
        return errands.perform(step, call);
      };
      const tasks = [1, 2].map(() => {
        const runner = errands.runner(new Life(Infinity, true), erratic);
        const parts = { task: 'errands', election: new InMemoryElection(), random, scheduler: time };
        return new LedTask({ ...parts, report: () => undefined }, (...given) => runner.follow(...given));
      });
      for (const task of tasks) task.start();
      await time.advanceAsync(random.int(100));
      await errands.begin();
      await time.advanceAsync(30_000);
      await errands.expectDone();
    }
  });
});
