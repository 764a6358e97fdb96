import { beforeEach, describe, expect, it } from '@jest/globals';
import { account, type AccountCommand, type AccountEvent } from '../../test/account.js';
import { Bank, deposit, STREAM, unavailable } from '../../test/bank.js';
import type { Aggregate } from '../aggregate.js';
import { AggregateHost } from './aggregate-host.js';

let bank: Bank;

beforeEach(() => {
  bank = new Bank();
});

describe('a snapshot', () => {
  it('is taken every so often, and the next host begins with it', async () => {
    const one = bank.host();
    for (let nth = 1; nth <= 12; nth++) await bank.send(one, `${nth}`, deposit(1));
    await bank.time.advanceAsync(0);
    expect(await bank.store.loadSnapshot(STREAM)).toMatchObject({ version: 10, state: { balance: 10 } });
    expect(await bank.send(bank.host(), 'next', deposit(1))).toEqual({ balance: 13 });
    expect(await bank.send(bank.host(), '3', deposit(1))).toEqual({ balance: 3 });
  });

  it('that is large is taken after so many events more that it costs no more than they do', async () => {
    const diary: Aggregate<string, AccountCommand, AccountEvent, undefined> = {
      ...{ name: 'account', initialState: () => '', evolve: (_pages, event) => ('note' in event ? event.note : '') },
      ...{ decide: (_pages, command) => account.decide({ balance: 0 }, command), answer: () => undefined },
      snapshots: { schema: 1, every: 10 },
    };
    const host = new AggregateHost({ ...bank.parts, aggregate: diary });
    const taken: number[] = [];
    const save = bank.store.saveSnapshot.bind(bank.store);
    bank.store.saveSnapshot = (snapshot) => {
      taken.push(snapshot.version);
      return save(snapshot);
    };
    for (let nth = 1; nth <= 80; nth++) {
      const command: AccountCommand = { type: 'Deposit', amount: 1, note: 'x'.repeat(30_000) };
      const call = { commandId: `${nth}`, principal: 'ada', requestHash: '', metadata: {}, deadlineAt: Infinity };
      await host.execute({ ...call, command });
    }
    expect(taken).toEqual([10, 41, 72]);
  });

  it('hides no command that came before it: a hundred repeats hear the first answer, and write nothing', async () => {
    const one = bank.host();
    await bank.send(one, 'early', deposit(1));
    for (let nth = 2; nth <= 12; nth++) await bank.send(one, `${nth}`, deposit(1));
    await bank.time.advanceAsync(0);
    const young = bank.host();
    expect(await young.read()).toMatchObject({ version: 12, snapshotVersion: 10 });
    const answers = await Promise.all(Array.from({ length: 100 }, () => bank.send(young, 'early', deposit(1))));
    expect(answers).toEqual(Array.from({ length: 100 }, () => ({ balance: 1 })));
    await expect(bank.send(young, 'early', deposit(2))).rejects.toMatchObject({ code: 'COMMAND_ID_REUSED' });
    expect(await bank.amounts()).toHaveLength(12);
  });

  it('of another schema, or of more than the log holds, is as none', async () => {
    await bank.send(bank.host(), 'a', deposit(7));
    for (const snapshot of [
      { version: 1, schema: 9 },
      { version: 50, schema: 1 },
    ]) {
      await bank.store.saveSnapshot({ stream: STREAM, ...snapshot, state: { balance: 1_000_000 } });
      expect((await bank.host().read()).state).toEqual({ balance: 7 });
    }
  });

  it('is taken of a state that was long to load, so that the next host has less to do', async () => {
    const early = new AggregateHost({ ...bank.parts, aggregate: { ...account, snapshots: { schema: 1, every: 100 } } });
    for (let nth = 1; nth <= 12; nth++) await bank.send(early, `${nth}`, deposit(1));
    bank.host().begin();
    await bank.time.advanceAsync(0);
    expect(await bank.host().read()).toMatchObject({ version: 12, snapshotVersion: 12 });
  });

  it('that cannot be written is reported, and tried again as many events later', async () => {
    const save = bank.store.saveSnapshot.bind(bank.store);
    bank.store.saveSnapshot = () => Promise.reject(unavailable('STORE_UNAVAILABLE'));
    const one = bank.host();
    for (let nth = 1; nth <= 19; nth++) await bank.send(one, `${nth}`, deposit(1));
    await bank.time.advanceAsync(0);
    expect(bank.reports).toMatchObject([{ code: 'STORE_UNAVAILABLE' }]);
    bank.store.saveSnapshot = save;
    await bank.send(one, '20', deposit(1));
    await bank.time.advanceAsync(0);
    expect(await bank.store.loadSnapshot(STREAM)).toMatchObject({ version: 20 });
  });
});
