import { beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '@rookery/runtime';
import { account } from '../../test/account.js';
import { Bank, deposit, STREAM, unavailable, withdraw } from '../../test/bank.js';
import { AggregateHost } from './aggregate-host.js';

let bank: Bank;

beforeEach(() => {
  bank = new Bank();
});

describe('a command', () => {
  it('is answered when its events are durable', async () => {
    const one = bank.host();
    expect(await bank.send(one, 'a', deposit(5))).toEqual({ balance: 5 });
    expect(await bank.amounts()).toEqual([5]);
    const { events } = await bank.store.readStream(STREAM, 0, 10);
    expect(events[0]?.metadata).toEqual({ commandId: 'a', principal: 'ada' });
  });

  it('that is refused is refused again, whatever has happened meanwhile', async () => {
    const one = bank.host();
    await expect(bank.send(one, 'a', withdraw(5))).rejects.toMatchObject({
      code: 'TOO_POOR',
      metadata: { balance: '0' },
    });
    await bank.send(one, 'b', deposit(100));
    await expect(bank.send(one, 'a', withdraw(5))).rejects.toMatchObject({ code: 'TOO_POOR' });
    await expect(bank.send(bank.host(), 'a', withdraw(5))).rejects.toMatchObject({ code: 'TOO_POOR' });
    expect(await bank.amounts()).toEqual([100]);
  });

  it('that is sent a hundred times at once happens once, and is answered alike', async () => {
    const hosts = [bank.host(), bank.host()];
    await bank.send(bank.host(), 'first', deposit(1));
    const answers = await Promise.allSettled(
      Array.from({ length: 100 }, (_, index) => bank.send(hosts[index % 2] ?? bank.host(), 'a', deposit(5))),
    );
    const fulfilled = answers.filter((answer) => answer.status === 'fulfilled');
    for (const answer of fulfilled) expect(answer.value).toEqual({ balance: 6 });
    // One of the two hosts lost the race, and says so to all.
    const lost = answers.filter((answer) => answer.status === 'rejected');
    for (const answer of lost) expect(answer.reason).toMatchObject({ code: 'FENCE_LOST' });
    expect(fulfilled.length).toBeGreaterThanOrEqual(50);
    expect(await bank.amounts()).toEqual([1, 5]);
    expect(await bank.send(bank.host(), 'a', deposit(5))).toEqual({ balance: 6 });
  });

  it('under the id of another one is a conflict, at once, later, and in another life', async () => {
    const one = bank.host();
    const reused = { code: 'COMMAND_ID_REUSED', kind: 'already-exists' };
    const [first, second] = await Promise.allSettled([
      bank.send(one, 'a', deposit(5)),
      bank.send(one, 'a', deposit(6)),
    ]);
    expect(first).toMatchObject({ status: 'fulfilled' });
    expect(second).toMatchObject({ status: 'rejected', reason: reused });
    await expect(bank.send(one, 'a', deposit(7))).rejects.toMatchObject(reused);
    await expect(bank.send(bank.host(), 'a', deposit(7))).rejects.toMatchObject(reused);
    expect(await bank.amounts()).toEqual([5]);
  });

  it('whose answer is nothing hears that each time', async () => {
    const aggregate = { ...account, answer: () => undefined };
    const request = { commandId: 'a', principal: 'ada', requestHash: '', metadata: {}, deadlineAt: Infinity };
    for (const one of [
      new AggregateHost({ ...bank.parts, aggregate }),
      new AggregateHost({ ...bank.parts, aggregate }),
    ]) {
      expect(await one.execute({ ...request, command: deposit(5) })).toBeUndefined();
    }
    expect(await bank.amounts()).toEqual([5]);
  });

  it('of another principal under the same id is another command', async () => {
    const one = bank.host();
    await bank.send(one, 'a', deposit(5), 'ada');
    expect(await bank.send(one, 'a', deposit(5), 'bob')).toEqual({ balance: 10 });
  });

  it('whose rules break is the only one that fails', async () => {
    const one = bank.host();
    const outcomes = await Promise.allSettled([
      bank.send(one, 'a', deposit(5)),
      bank.send(one, 'b', { type: 'Break' }),
      bank.send(one, 'c', deposit(6)),
    ]);
    expect(outcomes).toMatchObject([
      { value: { balance: 5 } },
      { reason: new TypeError('broken') },
      { value: { balance: 11 } },
    ]);
  });

  it('that is repeated hears the first answer although the rules have come to break on it', async () => {
    await bank.send(bank.host(), 'a', deposit(5));
    const broken = {
      ...account,
      decide: () => {
        throw new TypeError('broken');
      },
    };
    const host = new AggregateHost({ ...bank.parts, aggregate: broken });
    expect(await bank.send(host, 'a', deposit(5))).toEqual({ balance: 5 });
    await expect(bank.send(host, 'b', deposit(5))).rejects.toThrow('broken');
  });
});

describe('a command whose store does not answer before its deadline', () => {
  let open: () => void;
  beforeEach(() => {
    bank.store.before = () => new Promise<void>((resolve) => (open = resolve));
  });
  const goOn = async (): Promise<void> => {
    bank.store.before = undefined;
    open();
    await bank.time.advanceAsync(0);
  };

  /** No attempt more, for which there is no time. */
  const late = { kind: 'unavailable', retryAfterMs: 1000 };

  it('is in doubt when it is on its way, and not carried out when it is not: both are said in time', async () => {
    const one = bank.host();
    const first = codeAndTime(bank.send(one, 'a', deposit(5)));
    await bank.time.advanceAsync(10);
    const second = codeAndTime(bank.send(one, 'b', deposit(6)));
    await bank.time.advanceAsync(6000);
    expect(await first).toEqual({ code: 'OUTCOME_UNKNOWN', ...late, at: 4500 });
    expect(await second).toEqual({ code: 'STORE_UNAVAILABLE', ...late, at: 4500 });
    await goOn();
    expect(await bank.amounts()).toEqual([5]);
    expect(await bank.send(one, 'a', deposit(5))).toEqual({ balance: 5 });
  });

  it('is not carried out when its state was too long to load', async () => {
    const read = bank.store.readStream.bind(bank.store);
    bank.store.readStream = async (...query) => {
      await new Promise<void>((resolve) => (open = resolve));
      return read(...query);
    };
    const one = bank.host();
    one.begin();
    const command = codeAndTime(bank.send(one, 'a', deposit(5)));
    const question = codeAndTime(one.read(2000));
    await bank.time.advanceAsync(6000);
    expect(await command).toMatchObject({ code: 'OUTCOME_UNKNOWN', at: 4500 });
    expect(await question).toMatchObject({ code: 'STORE_UNAVAILABLE', kind: 'unavailable', at: 1600 });
    bank.store.readStream = read;
    await goOn();
    expect(await bank.amounts()).toEqual([]);
    expect(await one.read()).toMatchObject({ version: 0 });
  });

  it('that was nearly over when it came is not told before half of its time', async () => {
    const one = bank.host();
    const told = codeAndTime(bank.send(one, 'a', deposit(5), 'ada', 60));
    await bank.time.advanceAsync(100);
    expect(await told).toMatchObject({ code: 'OUTCOME_UNKNOWN', at: 30 });
  });

  it('has the patience of the most patient of those who have sent it', async () => {
    const one = bank.host();
    const before = codeAndTime(bank.send(one, 'a', deposit(5)));
    await bank.time.advanceAsync(0);
    const first = codeAndTime(bank.send(one, 'b', deposit(6)));
    await bank.time.advanceAsync(4000);
    const again = bank.send(one, 'b', deposit(6));
    await bank.time.advanceAsync(2000);
    for (const told of [before, first]) expect(await told).toMatchObject({ code: 'OUTCOME_UNKNOWN', at: 4500 });
    await goOn();
    expect(await again).toEqual({ balance: 11 });
  });

  it('that comes when its deadline is over is not carried out', async () => {
    await expect(bank.send(bank.host(), 'a', deposit(5), 'ada', 0)).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
    });
    expect(await bank.amounts()).toEqual([]);
  });

  /** How it fails, and when. */
  async function codeAndTime(command: Promise<unknown>) {
    try {
      return { answer: await command };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return { code: error.code, kind: error.kind, retryAfterMs: error.retryAfterMs, at: bank.time.clock.monotonic() };
    }
  }
});

it('a host of whom nobody wants anything holds no timer, which would keep it in memory until the last deadline', async () => {
  const one = bank.host();
  await bank.send(one, 'a', deposit(5));
  await bank.time.advanceAsync(1500);
  expect(await one.read(bank.time.clock.monotonic() + 5000)).toMatchObject({ version: 1 });
  await one.drain();
  expect(bank.time.pending).toBe(0);
});

describe('commands that wait together', () => {
  it('are decided one behind the other and appended as one', async () => {
    const one = bank.host();
    const answers = await Promise.all([
      bank.send(one, 'a', deposit(1)),
      bank.send(one, 'b', deposit(2)),
      bank.send(one, 'c', deposit(3)),
    ]);
    expect(answers).toEqual([{ balance: 1 }, { balance: 3 }, { balance: 6 }]);
    expect(bank.store.appends.map(({ events }) => events.length)).toEqual([3]);
  });

  it('are more than one append takes', async () => {
    const one = bank.host({ batch: 2 });
    await Promise.all(['a', 'b', 'c'].map((id) => bank.send(one, id, deposit(1))));
    expect(bank.store.appends.map(({ events }) => events.length)).toEqual([2, 1]);
  });

  it('are all undone when their append fails, and can be sent again', async () => {
    const one = bank.host();
    bank.store.before = () => {
      throw unavailable('STORE_UNAVAILABLE');
    };
    const failed = await Promise.allSettled([bank.send(one, 'a', deposit(1)), bank.send(one, 'b', deposit(2))]);
    expect(failed).toMatchObject([
      { reason: { code: 'STORE_UNAVAILABLE' } },
      { reason: { code: 'STORE_UNAVAILABLE' } },
    ]);
    bank.store.before = undefined;
    expect(await bank.send(one, 'b', deposit(2))).toEqual({ balance: 2 });
    expect(await bank.send(one, 'a', deposit(1))).toEqual({ balance: 3 });
  });

  it('are answered one and all when one of them is a repeat from another life', async () => {
    await bank.send(bank.host(), 'b', deposit(2));
    const one = bank.host();
    const answers = await Promise.all([
      bank.send(one, 'a', deposit(1)),
      bank.send(one, 'b', deposit(2)),
      bank.send(one, 'c', deposit(3)),
    ]);
    expect(answers).toEqual([{ balance: 3 }, { balance: 2 }, { balance: 6 }]);
    expect(await bank.amounts()).toEqual([2, 1, 3]);
  });

  it('are stored without the one that cannot be', async () => {
    const one = bank.host();
    const outcomes = await Promise.allSettled([
      bank.send(one, 'a', deposit(1)),
      bank.send(one, 'b\0', deposit(2)),
      bank.send(one, 'c', deposit(3)),
    ]);
    expect(outcomes).toMatchObject([
      { value: { balance: 1 } },
      { reason: { code: 'STORE_REFUSED' } },
      { value: { balance: 4 } },
    ]);
    expect(await bank.amounts()).toEqual([1, 3]);
  });

  it('may not be too many', async () => {
    const one = bank.host({ waiting: 1 });
    const first = bank.send(one, 'a', deposit(1));
    await expect(bank.send(one, 'b', deposit(2))).rejects.toMatchObject({ code: 'TOO_MANY_COMMANDS' });
    await first;
  });
});

it('a host that is drained has nothing on its way', async () => {
  const one = bank.host();
  const answers = [bank.send(one, 'a', deposit(1)), bank.send(one, 'b', deposit(2))];
  await one.drain();
  expect(await bank.amounts()).toEqual([1, 2]);
  await Promise.all(answers);
});
