import { beforeEach, describe, expect, it } from '@jest/globals';
import { errand, type ErrandInput, type ErrandStep } from '../../test/errand.js';
import { Office } from '../../test/office.js';
import type { StepCall } from '../process.js';
import type { LedTask } from './led-task.js';

let office: Office;
/** Steps as they were carried out: process, step, command id. */
let carriedOut: string[];

beforeEach(() => {
  office = new Office();
  carriedOut = [];
});

type Perform = (step: ErrandStep, call: StepCall) => Promise<ErrandInput>;

const stepped = (step: ErrandStep['name']): ErrandInput => ({ type: 'Stepped', step });

function runs(perform: Perform): LedTask {
  const runner = office.processes((step, call) => {
    carriedOut.push(`${call.processId} ${step.name} ${call.commandId} ${call.attempts}`);
    return perform(step, call);
  });
  return office.led('errands', { follow: (...given) => runner.follow(...given) });
}

const willingly: Perform = ({ name }) => Promise.resolve(stepped(name));
const begin = (id: string) => office.happens('ada', { type: 'Deposited', amount: 1, note: id });

/** What a process remembers. */
async function memoryOf(id: string): Promise<readonly unknown[]> {
  const { events } = await office.store.readStream(`errand-${id}`, 0, 100);
  return events.map(({ event }) => event['step'] ?? event.type);
}

describe('a process', () => {
  it('is begun by an event, takes one step after the other, and ends', async () => {
    runs(willingly);
    await begin('a');
    await office.time.advanceAsync(1000);
    expect(carriedOut).toEqual(['a fetch errand-a@1/fetch 0', 'a bring errand-a@2/bring 0']);
    expect(await memoryOf('a')).toEqual(['Begun', 'fetch', 'bring']);
    expect(await office.timers.due('errand', 10, [])).toEqual([]);
    expect(office.reports).toEqual([]);
  });

  it('tries a step again, under the same id, until it is known what became of it', async () => {
    let failures = 3;
    runs(async (step) => {
      if (step.name === 'fetch' && failures-- > 0) throw new Error('nobody is there');
      return stepped(step.name);
    });
    await begin('a');
    await office.time.advanceAsync(30_000);
    expect(carriedOut).toEqual([
      'a fetch errand-a@1/fetch 0',
      'a fetch errand-a@1/fetch 1',
      'a fetch errand-a@1/fetch 2',
      'a fetch errand-a@1/fetch 3',
      'a bring errand-a@2/bring 0',
    ]);
    expect(office.reports).toHaveLength(3);
  });

  it('does not keep others waiting', async () => {
    runs((step, { processId }) =>
      processId === 'slow' ? new Promise(() => undefined) : willingly(step, {} as StepCall),
    );
    await begin('slow');
    for (let nth = 0; nth < 300; nth++) await begin(`quick-${nth}`);
    await office.time.advanceAsync(5000);
    expect(new Set(carriedOut.filter((line) => line.includes(' bring ')))).toHaveProperty('size', 300);
  });

  it('goes on with another runner where the first one was cut off', async () => {
    const first = runs((step) =>
      step.name === 'bring' ? new Promise(() => undefined) : willingly(step, {} as StepCall),
    );
    await begin('a');
    await office.time.advanceAsync(200);
    expect(carriedOut.at(-1)).toBe('a bring errand-a@2/bring 0');
    const second = runs(willingly);
    office.election.depose('errands');
    await office.time.advanceAsync(1000);
    expect([first.isLeader, second.isLeader]).toEqual([false, true]);
    // The same step under the same id; whoever carries it out knows it.
    expect(carriedOut).toEqual([
      'a fetch errand-a@1/fetch 0',
      'a bring errand-a@2/bring 0',
      'a bring errand-a@2/bring 0',
    ]);
    expect(await memoryOf('a')).toEqual(['Begun', 'fetch', 'bring']);
  });

  it('notes the first outcome of a step, when two runners have carried it out', async () => {
    let late = (): void => undefined;
    runs((step) =>
      step.name === 'fetch'
        ? new Promise((resolve) => (late = () => resolve(stepped('fetch'))))
        : Promise.reject(new Error('not by this one')),
    );
    await begin('a');
    await office.time.advanceAsync(200);
    runs(willingly);
    office.election.depose('errands');
    await office.time.advanceAsync(1000);
    late();
    await office.time.advanceAsync(1000);
    expect(await memoryOf('a')).toEqual(['Begun', 'fetch', 'bring']);
  });

  it('that an outcome tells nothing new is not asked for it over and over', async () => {
    runs(() => Promise.resolve({ type: 'Nothing' }));
    await begin('a');
    await office.time.advanceAsync(1000);
    expect(carriedOut.length).toBeLessThan(10);
    expect(String(office.reports[0])).toContain('changes nothing');
  });

  it('is told of an event once, also when the log is read again', async () => {
    await begin('a');
    const first = runs(willingly);
    await office.time.advanceAsync(1000);
    await first.stop();
    office.checkpoints.load = () => Promise.resolve(undefined);
    office.checkpoints.advance = () => Promise.resolve('moved-by-another');
    runs(willingly);
    await office.time.advanceAsync(1000);
    expect(await memoryOf('a')).toEqual(['Begun', 'fetch', 'bring']);
  });

  it('begins its steps as soon as the log is looked at', async () => {
    runs(willingly);
    await office.time.advanceAsync(1000);
    await begin('a');
    for (let nth = 0; nth < 16; nth++) await office.time.advanceAsync(5);
    expect(carriedOut).toHaveLength(2);
    expect(await memoryOf('a')).toEqual(['Begun', 'fetch', 'bring']);
  });

  it('is left as it is by a runner that is stopped, so that the next one goes on at once', async () => {
    const first = runs(
      (_step, { signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
    );
    await begin('a');
    await office.time.advanceAsync(200);
    const stopping = first.stop();
    await office.time.advanceAsync(0);
    await stopping;
    expect(await office.timers.due('errand', 10, [])).toMatchObject([{ key: 'a', attempts: 0 }]);
    expect(office.reports).toEqual([]);
  });

  it('takes no further step at a runner that is stopped', async () => {
    let end = (): void => undefined;
    const first = runs(({ name }) => new Promise((resolve) => (end = () => resolve(stepped(name)))));
    await begin('a');
    await office.time.advanceAsync(200);
    const stopping = first.stop();
    end();
    await office.time.advanceAsync(0);
    await stopping;
    // What came of the step is noted; what is next is for the next one.
    expect(carriedOut).toEqual(['a fetch errand-a@1/fetch 0']);
    expect(await memoryOf('a')).toEqual(['Begun', 'fetch']);
    expect(await office.timers.due('errand', 10, [])).toMatchObject([{ key: 'a', attempts: 0 }]);
  });

  it('hands on the trace and the correlation of what it reacts to, also at another runner', async () => {
    office.metadata = { correlationId: 'request', traceparent: '00-1-2-01', commandId: 'deposit', principal: 'ada' };
    const causes: unknown[] = [];
    const first = runs((step, { cause }) => {
      causes.push([step.name, cause.correlationId, cause.traceparent]);
      return step.name === 'bring' ? new Promise(() => undefined) : willingly(step, {} as StepCall);
    });
    await begin('a');
    await office.time.advanceAsync(200);
    void first.stop();
    runs((step, { cause }) => {
      causes.push([step.name, cause.correlationId, cause.traceparent]);
      return willingly(step, {} as StepCall);
    });
    office.election.depose('errands');
    await office.time.advanceAsync(1000);
    expect(causes).toEqual(['fetch', 'bring', 'bring'].map((step) => [step, 'request', '00-1-2-01']));
    const { events } = await office.store.readStream('errand-a', 0, 100);
    expect(events.map(({ metadata }) => metadata)).toEqual(
      ['account-ada@1', 'errand-a@1/fetch', 'errand-a@2/bring'].map((id) => ({
        ...{ correlationId: 'request', traceparent: '00-1-2-01', principal: 'errand' },
        ...{ commandId: id, causationId: id },
      })),
    );
  });

  it('tells nobody of anything as long as one event cannot be routed: what fails then would be heard by nobody', async () => {
    const route: typeof errand.route = (event) => {
      if (event.stream === 'account-eve') throw new TypeError('who is eve');
      return errand.route(event);
    };
    await begin('a');
    await office.happens('eve', { type: 'Deposited', amount: 1 });
    // An error that nobody hears ends a service, and this test.
    office.store.append = () => Promise.reject(new Error('the disk is full'));
    const runner = office.processes(willingly, { ...errand, route });
    office.led('errands', { follow: (...given) => runner.follow(...given) });
    while (office.reports.length === 0) await office.time.advanceAsync(50);
    expect(String(office.reports[0])).toContain('waits at position 1 (Deposited account-ada@1): the disk is full');
  });

  it('is counted when its step has come to nothing many times, until it goes well', async () => {
    let isAway = true;
    const runner = office.processes((step, { processId }) =>
      isAway && processId === 'a' ? Promise.reject(new Error('nobody is there')) : willingly(step, {} as StepCall),
    );
    office.led('errands', { follow: (...given) => runner.follow(...given) });
    await begin('a');
    await begin('b');
    await office.time.advanceAsync(1000);
    expect(runner.failing).toBe(0);
    await office.time.advanceAsync(120_000);
    expect(runner.failing).toBe(1);
    isAway = false;
    await office.time.advanceAsync(20_000);
    expect(runner.failing).toBe(0);
    expect(await memoryOf('a')).toEqual(['Begun', 'fetch', 'bring']);
  });
});
