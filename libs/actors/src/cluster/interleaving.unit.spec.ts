import { describe, expect, it } from '@jest/globals';
import { ClusterStage, type Deed, type StagedProcess } from '../../test/cluster-stage.js';
import { gate } from '../../test/scripted.js';

async function alone(): Promise<{ stage: ClusterStage; ada: StagedProcess; settle: () => Promise<void> }> {
  const stage = new ClusterStage();
  const ada = stage.start('ada');
  const settle = (): Promise<void> => stage.time.advanceAsync(0);
  stage.allHear();
  await settle();
  return { stage, ada, settle };
}

describe('a grain whose calls interleave', () => {
  it('takes other calls meanwhile, and answers each when it is done', async () => {
    const { ada, settle } = await alone();
    const gates = [gate(), gate()];
    let entered = 0;
    ada.deeds.add = (context) => {
      context.interleave();
      return gates[entered++]?.promise;
    };
    const [first, second] = [ada.add('a', 1), ada.add('a', 10)];
    await settle();
    expect(entered).toBe(2);
    gates[1]?.open();
    await settle();
    expect(await second).toMatchObject({ total: 10 });
    gates[0]?.open();
    await settle();
    expect(await first).toMatchObject({ total: 11 });
  });

  it('ends only when all have been answered', async () => {
    const { ada, settle, stage } = await alone();
    const { open, promise } = gate();
    ada.deeds.add = (context) => {
      context.interleave();
      return promise;
    };
    const answer = ada.add('a', 3);
    await settle();
    const leaving = ada.cluster.leave();
    await settle();
    expect(stage.notes).not.toContain('a deactivated on ada');
    open();
    await settle();
    expect(await answer).toMatchObject({ total: 3 });
    await leaving;
    expect(stage.notes).toContain('a deactivated on ada');
  });

  it('is not idle while one is open, and for as long as any grain after that', async () => {
    const { ada, stage } = await alone();
    const { open, promise } = gate();
    ada.deeds.add = (context) => {
      context.interleave();
      return promise;
    };
    const answer = ada.add('a', 3, { timeoutMs: 200_000 });
    await stage.time.advanceAsync(119_000);
    expect(ada.passivations).toEqual([]);
    open();
    await stage.time.advanceAsync(59_000);
    expect(await answer).toMatchObject({ total: 3 });
    expect(ada.passivations).toEqual([]);
    await stage.time.advanceAsync(2000);
    expect(ada.passivations).toEqual(['idle']);
  });

  it('begins none that has waited for nearly all of its time, and tells each how long its own caller waits', async () => {
    const { ada, settle, stage } = await alone();
    const { open, promise } = gate();
    const waits: number[] = [];
    ada.deeds.add = (context) => {
      waits.push(context.remainingMs);
      if (waits.length === 1) return promise;
      context.interleave();
      return Promise.resolve();
    };
    const first = ada.add('a');
    const late = expect(ada.add('a', 1, { timeoutMs: 1000 })).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    const last = ada.add('a', 1, { timeoutMs: 2000 });
    await stage.time.advanceAsync(960);
    open();
    await settle();
    expect(await first).toMatchObject({ total: 1 });
    expect(await last).toMatchObject({ total: 2 });
    expect(waits).toEqual([5000, 1040]);
    await stage.time.advanceAsync(40);
    await late;
  });

  it('lets the others end as they do when one of them steps down', async () => {
    const { ada, settle, stage } = await alone();
    const gates = [gate(), gate()];
    const deeds: Deed[] = [
      (context) => {
        context.interleave();
        return gates[0]?.promise;
      },
      (context) => {
        context.interleave();
        return gates[1]?.promise.then(() => context.stepDown());
      },
    ];
    ada.deeds.add = (context) => deeds.shift()?.(context);
    const [first, second] = [ada.add('a', 1), ada.add('a', 10)];
    await settle();
    gates[1]?.open();
    await settle();
    gates[0]?.open();
    await stage.time.advanceAsync(1000);
    expect(await first).toMatchObject({ total: 1 });
    expect(await second).toMatchObject({ total: 10 });
    expect(ada.passivations).toEqual(['stepped-down']);
  });

  it('answers those of before when it is made anew meanwhile, by the state that they knew', async () => {
    const { ada, settle } = await alone();
    const { open, promise } = gate();
    void ada.add('a', 100);
    await settle();
    const deeds: Deed[] = [
      (context) => {
        context.interleave();
        return promise;
      },
      () => {
        throw new TypeError('secret');
      },
    ];
    ada.deeds.add = (context) => deeds.shift()?.(context);
    const before = ada.add('a', 1);
    const failed = expect(ada.add('a')).rejects.toMatchObject({ code: 'TARGET_FAILED' });
    const behind = ada.add('a', 10);
    await settle();
    await failed;
    expect(await behind).toMatchObject({ total: 10 });
    open();
    await settle();
    expect(await before).toMatchObject({ total: 101 });
    const now = ada.counter('a').getTotal({ counterId: 'a' });
    await settle();
    expect(await now).toMatchObject({ total: 10 });
    expect(ada.passivations).toEqual([]);
  });

  it('goes on after one failed in a way that is not meant for callers', async () => {
    const { ada, settle } = await alone();
    ada.deeds.add = (context) => {
      context.interleave();
      return Promise.reject(new TypeError('secret'));
    };
    const failed = expect(ada.add('a')).rejects.toMatchObject({ code: 'TARGET_FAILED' });
    await settle();
    await failed;
    delete ada.deeds.add;
    const answer = ada.add('a', 2);
    await settle();
    expect(await answer).toMatchObject({ total: 2 });
    expect(ada.passivations).toEqual([]);
  });
});
