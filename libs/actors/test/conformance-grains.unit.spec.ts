import { beforeEach, describe, expect, it } from '@jest/globals';
import { CounterServiceGrainClient } from '@rookery/contracts/nest';
import { DomainError } from '@rookery/runtime';
import { ClusterStage, type StagedProcess } from './cluster-stage.js';
import { gate } from './scripted.js';

describe('a grain on its own', () => {
  let stage: ClusterStage;
  let ada: StagedProcess;

  const ms = (duration: number): Promise<void> => stage.time.advanceAsync(duration);
  const codeOf = (call: Promise<unknown>): Promise<unknown> =>
    call.then(
      () => 'answered',
      (error: unknown) => (error as DomainError).code,
    );

  beforeEach(async () => {
    stage = new ClusterStage();
    [ada] = await stage.startAll('ada');
  });

  it('is one activation for a hundred callers, each of whom is answered once', async () => {
    ada.deeds.activate = () => Promise.resolve();
    ada.deeds.add = () => Promise.resolve();
    const answers = Array.from({ length: 100 }, () => ada.add('a'));
    await ms(10);
    const totals = (await Promise.all(answers)).map(({ total }) => total);
    expect(totals).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    expect(stage.notes).toEqual(['a activated on ada']);
  });

  it.each([
    ['itself', 'a'],
    ['another that calls it', 'b'],
  ])('that calls %s ends by the deadline, and lives on', async (_what, second) => {
    const codes: unknown[] = [];
    ada.deeds.add = async ({ identity }) => {
      const next = identity === 'a' ? second : 'a';
      codes.push(await codeOf(ada.add(next, 1, { timeoutMs: 200 })));
    };
    const outer = codeOf(ada.add('a', 1, { timeoutMs: 100 }));
    await ms(1000);
    expect(await outer).toBe('DEADLINE_EXCEEDED');
    expect(codes).toContain('DEADLINE_EXCEEDED');
    delete ada.deeds.add;
    const answers = ['a', 'b'].map((identity) => codeOf(ada.add(identity)));
    await ms(10);
    expect(await Promise.all(answers)).toEqual(['answered', 'answered']);
    expect(ada.passivations).toEqual([]);
  });

  it('that cannot be activated tells nobody more than its callers should know, and is tried again', async () => {
    ada.deeds.activate = () => {
      throw new TypeError('secret');
    };
    const refused = ada.add('a').catch((error: unknown) => error as Error);
    await ms(10);
    expect(await refused).toMatchObject({ code: 'TARGET_FAILED' });
    expect(((await refused) as Error).message).not.toContain('secret');
    delete ada.deeds.activate;
    const answer = ada.add('a');
    await ms(10);
    expect(await answer).toMatchObject({ total: 1 });
    expect(stage.notes).toEqual(['a activated on ada', 'a activated on ada']);
  });

  it('that takes longer to activate than its caller waits is there for the next one', async () => {
    const { open, promise } = gate();
    ada.deeds.activate = () => promise;
    const first = codeOf(ada.add('a', 1, { timeoutMs: 100 }));
    await ms(120);
    const second = ada.add('a');
    open();
    await ms(10);
    expect(await first).toBe('DEADLINE_EXCEEDED');
    // What nobody waited for any more was not carried out.
    expect(await second).toMatchObject({ total: 1 });
    expect(stage.notes).toEqual(['a activated on ada']);
  });

  it.each(['throws', 'rejects'])('whose farewell %s has ended all the same', async (how) => {
    ada.deeds.deactivate = () => {
      const error = new Error('no farewell');
      if (how === 'throws') throw error;
      return Promise.reject(error);
    };
    void ada.add('a');
    await ms(60_000);
    const answer = ada.add('a');
    await ms(10);
    expect(await answer).toMatchObject({ total: 1 });
    expect(ada.passivations).toEqual(['idle']);
  });

  it('is not idle while a call takes its time, nor soon after', async () => {
    const { open, promise } = gate();
    ada.deeds.add = () => promise;
    const answer = ada.add('a', 1, { timeoutMs: 200_000 });
    await ms(120_000);
    open();
    await ms(59_000);
    expect(await answer).toMatchObject({ total: 1 });
    expect(ada.passivations).toEqual([]);
    await ms(61_000);
    expect(ada.passivations).toEqual(['idle']);
  });

  it('is kept alive by each call', async () => {
    for (let minute = 0; minute < 5; minute++) {
      void ada.add('a');
      await ms(50_000);
    }
    expect(stage.notes).toEqual(['a activated on ada']);
  });

  it('that fails again and again ends, and the calls that wait are carried out by the next activation', async () => {
    let failures = 0;
    ada.deeds.add = () => {
      if (failures++ < 11) throw new TypeError('no');
    };
    const codes = Array.from({ length: 13 }, () => codeOf(ada.add('a')));
    await ms(1000);
    const ends = await Promise.all(codes);
    expect(ends.slice(0, 11)).toEqual(Array.from({ length: 11 }, () => 'TARGET_FAILED'));
    expect(ends.slice(11)).toEqual(['answered', 'answered']);
    expect(ada.passivations).toEqual(['crashed']);
  });

  it('refuses by its own error without a change of its state or its place', async () => {
    void ada.add('a', 5);
    await ms(10);
    ada.deeds.add = () => Promise.reject(new DomainError('NO', 'not now'));
    const refused = codeOf(ada.add('a'));
    await ms(10);
    delete ada.deeds.add;
    const answer = ada.add('a');
    await ms(10);
    expect([await refused, (await answer).total]).toEqual(['NO', 6]);
    expect(stage.notes).toEqual(['a activated on ada']);
  });

  it('whose farewell never ends is given up after twice the time to drain, and is there for its callers again', async () => {
    const { open, promise } = gate();
    ada.deeds.deactivate = () => promise;
    void ada.add('a', 5);
    await ms(60_000);
    delete ada.deeds.deactivate;
    const first = codeOf(ada.add('a', 1, { timeoutMs: 20_000 }));
    await ms(9000);
    expect(stage.storyOf('a')).toEqual(['activated on ada', 'deactivated on ada']);
    await ms(6000);
    const second = ada.add('a');
    await ms(10);
    // It was made again by its caller when it had waited for as long as it may.
    expect([await first, (await second).total]).toEqual(['answered', 2]);
    open();
    await ms(60_000);
    expect(ada.passivations).toEqual(['idle', 'idle']);
  });

  it('ends itself in a call, which is answered, and those behind it are carried out by the next activation', async () => {
    ada.deeds.add = ({ self, system }) => system.stop(self);
    const first = ada.add('a', 5);
    await ms(0);
    delete ada.deeds.add;
    const others = [ada.add('a'), ada.add('a')];
    await ms(1000);
    const totals = (await Promise.all([first, ...others])).map(({ total }) => total);
    expect(totals).toEqual([5, 1, 2]);
    expect(stage.storyOf('a')).toEqual(['activated on ada', 'deactivated on ada', 'activated on ada']);
  });

  it('that calls itself while it is activated fails all who wait by the deadline, and is tried again', async () => {
    ada.deeds.activate = async ({ identity }) => void (await ada.add(identity, 1, { timeoutMs: 100 }));
    const codes = [codeOf(ada.add('a')), codeOf(ada.add('a'))];
    await ms(500);
    expect(await Promise.all(codes)).toEqual(['DEADLINE_EXCEEDED', 'DEADLINE_EXCEEDED']);
    delete ada.deeds.activate;
    const answer = ada.add('a');
    await ms(10);
    expect(await answer).toMatchObject({ total: 1 });
  });

  it('does not begin what is called while it says farewell before it has ended', async () => {
    const order: string[] = [];
    const { open, promise } = gate();
    ada.deeds.activate = () => void order.push('activate');
    ada.deeds.deactivate = () => promise.then(() => void order.push('gone'));
    void ada.add('a');
    await ms(60_000);
    const answer = ada.add('a');
    await ms(500);
    expect(order).toEqual(['activate']);
    open();
    await ms(10);
    await answer;
    expect(order).toEqual(['activate', 'gone', 'activate']);
  });
});

describe('grains of several processes', () => {
  it('that call each other in a circle end by the deadline, which names the call, and live on', async () => {
    const stage = new ClusterStage();
    const [ada, bob] = await stage.startAll('ada', 'bob');
    const [one, two] = [ada, bob].map((process) => stage.identityWith((name) => stage.ownerOf(name) === process));
    if (one === undefined || two === undefined) throw new Error('placed two');
    ada.deeds.add = async () => void (await ada.add(two));
    bob.deeds.add = async () => void (await bob.add(one));
    const outer = ada.add(one).catch((error: unknown) => error);
    await stage.time.advanceAsync(6000);
    expect(await outer).toMatchObject({
      code: 'DEADLINE_EXCEEDED',
      message: expect.stringContaining(`Add of ${CounterServiceGrainClient.definition.name}/`) as unknown,
    });
    for (const { deeds } of [ada, bob]) delete deeds.add;
    const answers = [ada.add(one), bob.add(two)];
    await stage.time.advanceAsync(100);
    expect(await Promise.all(answers)).toMatchObject([{ instance: 'ada' }, { instance: 'bob' }]);
  });

  it('may work for long before they do so, where their calls end with that of their caller', async () => {
    const stage = new ClusterStage();
    const [ada, bob] = await stage.startAll('ada', 'bob');
    const [one, two] = [ada, bob].map((process) => stage.identityWith((name) => stage.ownerOf(name) === process));
    if (one === undefined || two === undefined) throw new Error('placed two');
    const waits: number[] = [];
    const callAfterWork = (process: StagedProcess, other: string): void => {
      process.deeds.add = async (context) => {
        waits.push(context.remainingMs);
        await new Promise<void>((resolve) => stage.time.timer(1000, resolve));
        await process.add(other, 1, { timeoutMs: context.remainingMs });
      };
    };
    callAfterWork(ada, two);
    callAfterWork(bob, one);
    void ada.add(one).catch(() => undefined);
    await stage.time.advanceAsync(60_000);
    // The second one's call was not begun: the first was busy for nearly as long as that could wait.
    expect(waits).toEqual([5000, 4000]);
  });

  it('are called for as long as it takes where the caller says so', async () => {
    const stage = new ClusterStage();
    const [ada, bob] = await stage.startAll('ada', 'bob');
    const answers = [ada, bob].map((owner) => {
      const identity = stage.identityWith((name) => stage.ownerOf(name) === owner);
      return ada.add(identity, 1, { timeoutMs: Infinity });
    });
    await stage.time.advanceAsync(100);
    expect(await Promise.all(answers)).toMatchObject([{ instance: 'ada' }, { instance: 'bob' }]);
  });
});

describe('a method of a grain', () => {
  it('is addressed by its name, whatever the order in which a contract has them', async () => {
    const stage = new ClusterStage();
    const [ada, bob] = await stage.startAll('ada', 'bob');
    const identity = stage.identityWith((one) => stage.ownerOf(one) === bob);
    const { definition, prototype } = CounterServiceGrainClient;
    const reordered = { definition: { ...definition, methods: [...definition.methods].reverse() }, prototype };
    const client = ada.cluster.grain(reordered, identity);
    const added = client.add({ counterId: identity, amount: 3 });
    const total = client.getTotal({ counterId: identity });
    await stage.time.advanceAsync(100);
    expect([await added, await total]).toEqual([
      { total: 3, instance: 'bob' },
      { total: 3, instance: 'bob' },
    ]);
  });

  it('that the owner does not have yet is refused, and does no harm to others', async () => {
    const stage = new ClusterStage();
    const [ada, bob] = await stage.startAll('ada', 'bob');
    const identity = stage.identityWith((one) => stage.ownerOf(one) === bob);
    const { definition, prototype } = CounterServiceGrainClient;
    const methods = definition.methods.map((method) => ({ ...method, name: `${method.name}2` }));
    const refused = ada.cluster.grain({ definition: { ...definition, methods }, prototype }, identity);
    const refusal = refused.add({ counterId: identity, amount: 1 }).catch((error: unknown) => error);
    const added = ada.add(identity);
    await stage.time.advanceAsync(100);
    expect(await refusal).toMatchObject({ code: 'UNIMPLEMENTED', kind: 'unimplemented' });
    expect(await added).toMatchObject({ total: 1 });
  });
});
