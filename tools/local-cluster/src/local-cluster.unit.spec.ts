import { describe, expect, it } from '@jest/globals';
import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';
import { LocalCluster } from './local-cluster.js';
import { type Child, type ChildListener, type ProcessPlan, Spawner } from './supervised-process.js';

const REFUSAL = 'monitor: CONSUL_CHECK is "bogus": it must be one of ttl, grpc.';

/** Each process ends when it is told to; what else it does, the test says. */
class ObedientSpawner extends Spawner {
  readonly ended: string[] = [];
  readonly children = new Map<string, ChildListener>();

  spawn({ id }: ProcessPlan, listener: ChildListener): Child {
    this.children.set(id, listener);
    const kill = (): void => {
      this.ended.push(id);
      queueMicrotask(() => listener.onExit('ended with exit code 0', 0));
    };
    return { pid: this.children.size, kill };
  }
}

/** One that needs the first of the others. */
const needy: ProcessPlan = {
  ...{ id: 'billing-1', service: 'billing', entry: 'main.js', environment: {}, stage: 1 },
  needs: 'registry-1',
};

function cluster(more: readonly ProcessPlan[] = []) {
  const time = new VirtualTime();
  const spawner = new ObedientSpawner();
  const nothing = (): void => undefined;
  const plans = ['registry', 'pricing', 'monitor'].map((service, stage) => {
    return { id: `${service}-1`, service, entry: 'main.js', environment: {}, stage };
  });
  const cluster = new LocalCluster([...plans, ...more], {
    spawner,
    observer: { line: nothing, notice: nothing, changed: nothing },
    clock: time.clock,
    random: new SeededRandom(1),
    scheduler: time,
    record: { write: nothing, remove: nothing },
    file: { write: nothing, remove: nothing },
  });
  cluster.start();
  const becomeReady = (id: string): void =>
    spawner.children.get(id)?.onReady({ type: 'ready', service: 'any', id, pid: 1 });
  const beRefused = (id: string): void => {
    spawner.children.get(id)?.onLine(REFUSAL);
    spawner.children.get(id)?.onExit('ended with exit code 78', 78);
  };
  return { cluster, spawner, plans, becomeReady, beRefused };
}

describe('LocalCluster', () => {
  it('is ready when every process is', async () => {
    const { cluster: one, plans, becomeReady } = cluster();
    const ready = one.untilReady();
    for (const { id } of plans) becomeReady(id);
    expect(await ready).toBe(true);
    expect(one.refusal).toBeUndefined();
  });

  it('does not wait for a process whose settings are wrong, and has its sentence also after the stop', async () => {
    const { cluster: one, spawner, becomeReady, beRefused } = cluster();
    const ready = one.untilReady();
    becomeReady('registry-1');
    beRefused('monitor-1');
    expect(await ready).toBe(false);
    await one.stop();
    expect(spawner.ended).toEqual(['pricing-1', 'registry-1']);
    expect(one.refusal).toBe(REFUSAL);
  });

  it('goes on when a process is refused that was ready before', async () => {
    const { cluster: one, plans, becomeReady, beRefused } = cluster();
    const ready = one.untilReady();
    for (const { id } of plans) becomeReady(id);
    expect(await ready).toBe(true);
    beRefused('monitor-1');
    expect(one).toMatchObject({ isStopping: false, up: 2 });
  });

  it('holds a process back until the one that it needs is ready', async () => {
    const { cluster: one, spawner, plans, becomeReady } = cluster([needy]);
    const ready = one.untilReady();
    expect([...spawner.children.keys()]).toEqual(plans.map(({ id }) => id));
    becomeReady('registry-1');
    expect([...spawner.children.keys()]).toContain('billing-1');
    for (const id of ['pricing-1', 'monitor-1', 'billing-1']) becomeReady(id);
    expect(await ready).toBe(true);
  });

  it('stops without having started what was held back', async () => {
    const { cluster: one, spawner, becomeReady } = cluster([needy]);
    const stopped = one.stop();
    becomeReady('registry-1');
    await stopped;
    expect(spawner.children.has('billing-1')).toBe(false);
  });
});
