import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Append } from '../event-store.port.js';
import { Bank, deposit, unavailable, withdraw } from '../../test/bank.js';

let bank: Bank;

beforeEach(() => {
  bank = new Bank();
});

describe('an append of which nobody knows whether it was written', () => {
  const unknown = unavailable('STORE_OUTCOME_UNKNOWN');

  it('was, and its commands are answered with what it wrote', async () => {
    const one = bank.host();
    bank.store.behind = () => {
      bank.store.behind = undefined;
      throw unknown;
    };
    const answers = await Promise.all([bank.send(one, 'a', deposit(1)), bank.send(one, 'b', deposit(2))]);
    expect(answers).toEqual([{ balance: 1 }, { balance: 3 }]);
    expect(await bank.amounts()).toEqual([1, 2]);
    expect(await bank.send(one, 'c', deposit(3))).toEqual({ balance: 6 });
  });

  it('was not, and its commands are carried out', async () => {
    const one = bank.host();
    bank.store.before = () => {
      bank.store.before = undefined;
      throw unknown;
    };
    expect(await bank.send(one, 'a', deposit(1))).toEqual({ balance: 1 });
    expect(await bank.amounts()).toEqual([1]);
  });

  it('is written after all while its commands are sent again', async () => {
    const one = bank.host();
    await bank.send(one, 'first', deposit(10));
    let stray: Append | undefined;
    bank.store.before = async (append) => {
      if (stray === undefined) {
        stray = append;
        throw unknown;
      }
      bank.store.before = undefined;
      await bank.store.append(stray);
    };
    expect(await bank.send(one, 'a', deposit(1))).toEqual({ balance: 11 });
    expect(await bank.send(one, 'b', deposit(2))).toEqual({ balance: 13 });
    expect(await bank.amounts()).toEqual([10, 1, 2]);
  });

  it('leaves its commands in doubt when the store stays away', async () => {
    const one = bank.host();
    bank.store.before = () => {
      bank.store.before = () => {
        throw unavailable('STORE_UNAVAILABLE');
      };
      throw unknown;
    };
    await expect(bank.send(one, 'a', deposit(1))).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      metadata: { commandId: 'a' },
    });
    bank.store.before = undefined;
    expect(await bank.send(one, 'a', deposit(1))).toEqual({ balance: 1 });
  });

  it('leaves those in doubt as well who have sent such a command again meanwhile', async () => {
    const one = bank.host();
    let fail = (): void => undefined;
    bank.store.before = async () => {
      await new Promise<void>((resolve) => (fail = resolve));
      bank.store.before = () => {
        throw unavailable('STORE_UNAVAILABLE');
      };
      throw unknown;
    };
    const first = bank.send(one, 'a', deposit(1));
    await bank.time.advanceAsync(0);
    const again = bank.send(one, 'a', deposit(1));
    fail();
    const outcomes = await Promise.allSettled([first, again]);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { code: 'OUTCOME_UNKNOWN' } });
  });

  it('is known for its own when it is written late, behind a refusal', async () => {
    const one = bank.host();
    await bank.send(one, 'first', deposit(10));
    let stray: Append | undefined;
    bank.store.before = (append) => {
      stray = append;
      bank.store.before = () => {
        throw unavailable('STORE_UNAVAILABLE');
      };
      throw unknown;
    };
    await expect(bank.send(one, 'a', deposit(1))).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    bank.store.before = undefined;
    await expect(bank.send(one, 'b', withdraw(50))).rejects.toMatchObject({ code: 'TOO_POOR' });
    if (stray !== undefined) await bank.store.append(stray);
    expect(await bank.send(one, 'c', deposit(2))).toEqual({ balance: 13 });
  });
});

describe('a host whose store has gone back behind what it knows', () => {
  it.each([
    ['of whose last append nobody knows', unavailable('STORE_OUTCOME_UNKNOWN'), 'OUTCOME_UNKNOWN'],
    ['that is only asked', undefined, 'FENCE_LOST'],
  ])('steps down, %s: what it knows has not happened', async (_which, failure, code) => {
    const earlier = new Bank();
    for (const to of [earlier, bank]) await to.send(to.host(), 'a', deposit(10));
    const one = bank.host();
    await bank.send(one, 'b', deposit(90));
    if (failure === undefined) bank.store.goBackTo(earlier.store);
    bank.store.before = () => {
      bank.store.goBackTo(earlier.store);
      throw failure;
    };
    await expect(bank.send(one, 'c', withdraw(50))).rejects.toMatchObject({ code });
    await expect(bank.send(one, 'b', deposit(90))).rejects.toMatchObject({ code: 'FENCE_LOST' });
    const young = bank.host();
    await expect(bank.send(young, 'c', withdraw(50))).rejects.toMatchObject({ code: 'TOO_POOR' });
    expect(await bank.send(young, 'b', deposit(90))).toEqual({ balance: 100 });
  });
});

describe('two hosts of one aggregate', () => {
  it('cannot both write: the one that is behind gives up for good', async () => {
    const [old, young] = [bank.host(), bank.host()];
    await bank.send(old, 'a', deposit(1));
    await bank.send(young, 'b', deposit(2));
    const lost = await Promise.allSettled([bank.send(old, 'c', deposit(3)), bank.send(old, 'd', deposit(4))]);
    for (const outcome of lost) expect(outcome).toMatchObject({ reason: { code: 'FENCE_LOST' } });
    await expect(bank.send(old, 'e', deposit(5))).rejects.toMatchObject({ code: 'FENCE_LOST' });
    await expect(old.read()).rejects.toMatchObject({ code: 'FENCE_LOST' });
    expect(await bank.amounts()).toEqual([1, 2]);
  });

  it('do not answer by what is old: within the lease nothing is asked, behind it the store is', async () => {
    const [old, young] = [bank.host({ leaseMs: 1000 }), bank.host()];
    await bank.send(old, 'a', deposit(1));
    expect((await old.read()).state).toEqual({ balance: 1 });
    await bank.time.advanceAsync(1001);
    expect(await old.read()).toMatchObject({ state: { balance: 1 }, version: 1 });
    await bank.send(young, 'b', deposit(2));
    await bank.time.advanceAsync(1001);
    await expect(old.read()).rejects.toMatchObject({ code: 'FENCE_LOST' });
    // A refusal writes down that it was one, and so meets the fence as well.
    await expect(bank.send(young, 'c', withdraw(50))).rejects.toMatchObject({ code: 'TOO_POOR' });
  });

  it('do not refuse by what is old', async () => {
    const [old, young] = [bank.host(), bank.host()];
    old.begin();
    await bank.time.advanceAsync(0);
    await bank.send(young, 'a', deposit(100));
    await expect(bank.send(old, 'b', withdraw(50))).rejects.toMatchObject({ code: 'FENCE_LOST' });
  });
});
