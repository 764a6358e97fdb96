import { beforeEach, describe, expect, it } from '@jest/globals';
import { account, type AccountEvent } from '../../test/account.js';
import { Office } from '../../test/office.js';
import { idOf } from '../stream.js';
import type { FiredCall, TimedReaction } from './reaction-runner.js';

let office: Office;
let fired: string[];
let fails: number;

beforeEach(() => {
  office = new Office();
  fired = [];
  fails = 0;
});

/** A second after a deposit, unless something is withdrawn before. */
const reminder: TimedReaction = {
  name: 'reminder',
  sources: [account],
  on({ event, recordedAt, stream }) {
    const { amount, type } = event as AccountEvent;
    const key = idOf(stream);
    return type === 'Withdrawn' ? { key, isCancelled: true } : { key, dueAt: recordedAt + 1000, payload: { amount } };
  },
  async fire({ key, payload }, { commandId }: FiredCall) {
    fired.push(`${key} ${JSON.stringify(payload)} ${commandId}`);
    if (fails-- > 0) throw new Error('nobody is there');
  },
};

function starts() {
  const runner = office.reaction(reminder);
  return office.led('reminder', { follow: (...given) => runner.follow(...given) });
}

describe('a reaction', () => {
  it('comes when its time has come, once', async () => {
    starts();
    await office.happens('ada', { type: 'Deposited', amount: 5 });
    await office.time.advanceAsync(900);
    expect(fired).toEqual([]);
    await office.time.advanceAsync(5000);
    expect(fired).toEqual(['ada {"amount":5} reminder/ada/1']);
  });

  it('is taken back, within one look at the log or later', async () => {
    await office.happens('ada', { type: 'Deposited', amount: 5 }, { type: 'Withdrawn', amount: 5 });
    await office.happens('bob', { type: 'Deposited', amount: 5 });
    starts();
    await office.time.advanceAsync(500);
    await office.happens('bob', { type: 'Withdrawn', amount: 5 });
    await office.time.advanceAsync(5000);
    expect(fired).toEqual([]);
  });

  it('that was taken back may be set again', async () => {
    starts();
    await office.happens('ada', { type: 'Deposited', amount: 1 }, { type: 'Withdrawn', amount: 1 });
    await office.happens('ada', { type: 'Deposited', amount: 2 });
    await office.time.advanceAsync(5000);
    expect(fired).toEqual(['ada {"amount":2} reminder/ada/1']);
  });

  it('that fails comes again under the same id', async () => {
    fails = 2;
    starts();
    await office.happens('ada', { type: 'Deposited', amount: 5 });
    await office.time.advanceAsync(20_000);
    expect(fired).toEqual(Array.from({ length: 3 }, () => 'ada {"amount":5} reminder/ada/1'));
    expect(office.reports).toHaveLength(2);
  });

  it('that fails is counted until it is taken back, also while it is about to fail once more', async () => {
    let fail = (): void => undefined;
    const fire = (): Promise<never> =>
      new Promise((_resolve, reject) => (fail = () => reject(new Error('nobody is there'))));
    const runner = office.reaction({ ...reminder, fire });
    office.led('reminder', { follow: (...given) => runner.follow(...given) });
    await office.happens('ada', { type: 'Deposited', amount: 5 });
    for (let second = 0; second < 200; second++) {
      await office.time.advanceAsync(1000);
      fail();
    }
    await office.time.advanceAsync(20_000);
    expect(runner.failing).toBe(1);
    await office.happens('ada', { type: 'Withdrawn', amount: 5 });
    await office.time.advanceAsync(100);
    fail();
    await office.time.advanceAsync(20_000);
    expect(runner.failing).toBe(0);
  });

  it('comes also when all processes were away at its time', async () => {
    const first = starts();
    await office.happens('ada', { type: 'Deposited', amount: 5 });
    await office.time.advanceAsync(500);
    const stopping = first.stop();
    await office.time.advanceAsync(0);
    await stopping;
    await office.time.advanceAsync(60_000);
    starts();
    await office.time.advanceAsync(500);
    expect(fired).toEqual(['ada {"amount":5} reminder/ada/1']);
  });
});
