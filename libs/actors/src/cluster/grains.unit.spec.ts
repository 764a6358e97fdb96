import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@rookery/runtime';
import { ClusterStage, type StagedProcess } from '../../test/cluster-stage.js';
import { gate } from '../../test/scripted.js';
import type { ClusterOptions } from './cluster.js';

async function alone(
  options: Partial<ClusterOptions> = {},
): Promise<{ stage: ClusterStage; ada: StagedProcess; settle: () => Promise<void> }> {
  const stage = new ClusterStage(options);
  const ada = stage.start('ada');
  const settle = (): Promise<void> => stage.time.advanceAsync(0);
  stage.allHear();
  await settle();
  return { stage, ada, settle };
}

describe('a grain', () => {
  it('is activated by its first call, and keeps its state for the next', async () => {
    const { ada, settle, stage } = await alone();
    const answers = [ada.add('a', 2), ada.add('a', 3), ada.add('b', 1)];
    await settle();
    expect(await Promise.all(answers)).toEqual([
      { total: 2, instance: 'ada' },
      { total: 5, instance: 'ada' },
      { total: 1, instance: 'ada' },
    ]);
    expect(stage.notes).toEqual(['a activated on ada', 'b activated on ada']);
    expect([...ada.cluster.activationCounts.values()]).toEqual([2]);
  });

  it('is activated once for all who call while it is', async () => {
    const { ada, settle, stage } = await alone();
    const { open, promise } = gate();
    ada.deeds.activate = () => promise;
    const answers = [ada.add('a'), ada.add('a')];
    await settle();
    expect(stage.notes).toEqual(['a activated on ada']);
    open();
    await settle();
    expect(await Promise.all(answers)).toMatchObject([{ total: 1 }, { total: 2 }]);
  });

  it('fails all who wait for an activation that fails, and is activated anew for the next', async () => {
    const { ada, settle } = await alone();
    const { fail, promise } = gate();
    ada.deeds.activate = () => promise;
    const answers = [ada.add('a'), ada.add('a')].map((answer) => expect(answer).rejects.toMatchObject({ code: 'X' }));
    await settle();
    fail(new DomainError('X', 'no state to be had'));
    await settle();
    await Promise.all(answers);
    expect(ada.passivations).toEqual(['failed']);
    delete ada.deeds.activate;
    const answer = ada.add('a');
    await settle();
    expect(await answer).toMatchObject({ total: 1 });
  });

  it('takes one call at a time', async () => {
    const { ada, settle } = await alone();
    const { open, promise } = gate();
    const inside: number[] = [];
    ada.deeds.add = async () => {
      inside.push(1);
      await promise;
    };
    const answers = [ada.add('a'), ada.add('a')];
    await settle();
    expect(inside).toHaveLength(1);
    open();
    await settle();
    expect(await Promise.all(answers)).toMatchObject([{ total: 1 }, { total: 2 }]);
  });

  it('is not called with a request that breaks the rules of the contract', async () => {
    const { ada, settle, stage } = await alone();
    const refused = expect(ada.counter('a').add({ counterId: '', amount: 1 })).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      violations: [{ field: 'counterId' }],
    });
    await settle();
    await refused;
    expect(stage.notes).toEqual([]);
  });

  it('has an identity', async () => {
    const { ada } = await alone();
    for (const identity of ['', 'x'.repeat(257)]) {
      await expect(ada.add(identity)).rejects.toMatchObject({ code: 'IDENTITY_INVALID' });
    }
  });

  it('may be called whatever signs are in its identity', async () => {
    const { ada, settle, stage } = await alone();
    const identities = ['a/b', 'a~2f.b', 'ä ö', 'x'.repeat(256), `${'x'.repeat(255)}y`, '\ud800'];
    for (const identity of identities) void ada.counter(identity).getTotal({ counterId: 'x' });
    await settle();
    expect(stage.notes).toEqual(identities.map((identity) => `${identity} activated on ada`));
  });

  it('refuses with its own error, and goes on', async () => {
    const { ada, settle } = await alone();
    ada.deeds.add = () => {
      throw new DomainError('TOO_MUCH', 'no', { kind: 'out-of-range', metadata: { most: '3' }, retryAfterMs: 5 });
    };
    const refused = expect(ada.add('a')).rejects.toMatchObject({
      code: 'TOO_MUCH',
      kind: 'out-of-range',
      metadata: { most: '3' },
      retryAfterMs: 5,
    });
    await settle();
    await refused;
    expect(ada.passivations).toEqual([]);
  });

  it('tells nobody of an error that was not meant for callers, and is made again', async () => {
    const { ada, settle, stage } = await alone();
    ada.deeds.add = () => Promise.reject(new TypeError('secret'));
    const refused = ada.add('a').catch((error: unknown) => error);
    await settle();
    expect(await refused).toMatchObject({ code: 'TARGET_FAILED', kind: 'internal' });
    expect(String((await refused) as Error)).not.toContain('secret');
    delete ada.deeds.add;
    const answer = ada.add('a');
    await settle();
    expect(await answer).toMatchObject({ total: 1 });
    expect(stage.notes).toEqual(['a activated on ada', 'a activated on ada']);
  });

  it('ends each call by its deadline, and begins none that nobody waits for', async () => {
    const { ada, settle, stage } = await alone();
    const { open, promise } = gate();
    let begun = 0;
    ada.deeds.add = () => {
      begun++;
      return promise;
    };
    const late = [ada.add('a', 1, { timeoutMs: 100 }), ada.add('a', 1, { timeoutMs: 100 })].map((answer) =>
      expect(answer).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED', kind: 'deadline-exceeded' }),
    );
    await stage.time.advanceAsync(120);
    await Promise.all(late);
    open();
    await settle();
    expect(begun).toBe(1);
  });

  it('has 5 s for a call unless it is told otherwise', async () => {
    const { ada, stage } = await alone();
    ada.deeds.add = () => gate().promise;
    const late = expect(ada.add('a')).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    await stage.time.advanceAsync(5020);
    await late;
  });

  it('knows who it is, and what came beside the call', async () => {
    const { ada, settle } = await alone();
    const seen: unknown[] = [];
    ada.deeds.add = (context) => {
      seen.push(context.kind, context.identity, context.headers, context.sender?.address, context.system.address);
      seen.push(context.signal.aborted, context.system.find(context.self.id)?.equals(context.self));
    };
    void ada.counter('a').add({ counterId: 'a', amount: 1 }, { headers: { trace: 't1' } });
    await settle();
    const own = ['rookery.testing.v1.CounterService', 'a', { trace: 't1' }, 'ada:1', 'ada:1', false, true];
    expect(seen).toEqual(own);
  });
});

describe('passivation', () => {
  it('ends an activation that nobody has called for a minute, and its next call makes another', async () => {
    const { ada, settle, stage } = await alone();
    void ada.add('a');
    await stage.time.advanceAsync(59_999);
    expect(stage.notes).toEqual(['a activated on ada']);
    await stage.time.advanceAsync(1);
    expect(ada.passivations).toEqual(['idle']);
    const answer = ada.add('a');
    await settle();
    expect(await answer).toMatchObject({ total: 1 });
    expect(stage.notes).toEqual(['a activated on ada', 'a deactivated on ada', 'a activated on ada']);
  });

  it('loses no call that comes while an activation ends', async () => {
    const { ada, settle, stage } = await alone();
    const { open, promise } = gate();
    ada.deeds.deactivate = () => promise;
    void ada.add('a');
    await stage.time.advanceAsync(60_000);
    const answers = [ada.add('a'), ada.add('a')];
    await settle();
    expect(stage.notes).toEqual(['a activated on ada', 'a deactivated on ada']);
    open();
    await settle();
    expect(await Promise.all(answers)).toMatchObject([{ total: 1 }, { total: 2 }]);
  });

  it('leaves nothing behind', async () => {
    const { ada, stage } = await alone();
    void ada.add('a');
    await stage.time.advanceAsync(60_000);
    expect([...ada.cluster.activationCounts.values()]).toEqual([0]);
    await stage.time.advanceAsync(1000);
    expect(ada.system.find('$grains')).toBeDefined();
    expect([ada.system.tree({ under: '$grains' }).roots[0]?.childCount, stage.time.pending]).toEqual([0, 0]);
  });

  it('stops an activation that does not end by itself', async () => {
    const { ada, settle, stage } = await alone({ drainMs: 2000 });
    const aborted: boolean[] = [];
    ada.deeds.activate = ({ signal }) => {
      signal.addEventListener('abort', () => aborted.push(true));
    };
    const { open, promise } = gate();
    ada.deeds.add = () => promise;
    void ada.add('a').catch(() => undefined);
    await settle();
    void ada.cluster.leave(60_000);
    await stage.time.advanceAsync(1999);
    expect(aborted).toEqual([]);
    await stage.time.advanceAsync(502);
    expect(aborted).toEqual([true]);
    open();
    await settle();
    expect(ada.passivations).toEqual(['moved']);
  });
});

describe('an activation that steps down', () => {
  it('gives its state up, and its calls are made again on the next one', async () => {
    const { ada, settle, stage } = await alone();
    void ada.add('a', 5);
    await settle();
    let isFirst = true;
    ada.deeds.add = (context) => {
      if (isFirst) {
        isFirst = false;
        context.stepDown();
      }
    };
    const answers = [ada.add('a', 1), ada.add('a', 2)];
    await stage.time.advanceAsync(100);
    const totals = (await Promise.all(answers)).map(({ total }) => total);
    expect(Math.max(...totals)).toBe(3);
    expect(stage.notes).toEqual(['a activated on ada', 'a activated on ada']);
    expect(ada.passivations).toEqual(['stepped-down']);
  });

  it('does so whatever its code makes of the error', async () => {
    const { ada, stage } = await alone();
    let times = 0;
    ada.deeds.add = (context) => {
      try {
        if (times++ === 0) context.stepDown();
      } catch {
        // Code that handles all errors alike.
      }
    };
    const answer = ada.add('a');
    await stage.time.advanceAsync(100);
    expect(await answer).toMatchObject({ total: 1 });
    expect(times).toBe(2);
  });
});

describe('a cluster', () => {
  it('says that no member offers the kind', async () => {
    const stage = new ClusterStage();
    const caller = stage.startCaller('eve');
    const refused = expect(caller.add('a', 1, { timeoutMs: 1000 })).rejects.toMatchObject({
      code: 'NO_OWNER',
      kind: 'unavailable',
    });
    await stage.time.advanceAsync(1000);
    await refused;
  });

  it('takes a kind once, and before it has started', async () => {
    const { ada } = await alone();
    const contract = { name: 'x', methods: [] };
    expect(() => ada.cluster.register(contract, () => ({}))).toThrow('registered too late');
    expect(() => ada.cluster.start()).toThrow('has started already');
  });

  it('leaves nothing to do when its actor system has stopped', async () => {
    const { ada, stage } = await alone();
    const eve = stage.startCaller('eve');
    const refused = expect(eve.add('a')).rejects.toMatchObject({ code: 'SYSTEM_STOPPED' });
    await stage.time.advanceAsync(30);
    const ends = [ada, eve].map(({ system }) => system.shutdown());
    await stage.time.advanceAsync(0);
    await Promise.all([...ends, refused]);
    expect(stage.time.pending).toBe(0);
  });
});
