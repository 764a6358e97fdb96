import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@rookery/runtime';
import { ClusterStage, type StagedProcess } from '../../test/cluster-stage.js';
import { gate } from '../../test/scripted.js';

const ms = (stage: ClusterStage, duration: number): Promise<void> => stage.time.advanceAsync(duration);

/** A stage on which cyd has just started, and an identity that moves from ada to it. */
async function joining(): Promise<{
  stage: ClusterStage;
  ada: StagedProcess;
  bob: StagedProcess;
  cyd: StagedProcess;
  identity: string;
}> {
  const stage = new ClusterStage();
  const [ada, bob] = await stage.startAll('ada', 'bob');
  const cyd = stage.start('cyd');
  const after = new ClusterStage();
  await after.startAll('ada', 'bob', 'cyd');
  const identity = stage.identityWith((one) => stage.ownerOf(one).id === 'ada' && after.ownerOf(one).id === 'cyd');
  return { stage, ada, bob, cyd, identity };
}

describe('a grain whose owner changes', () => {
  it('ends where it was before it is activated elsewhere, and no call is lost', async () => {
    const { ada, bob, identity, stage } = await joining();
    void bob.add(identity, 5);
    await ms(stage, 10);
    const { open, promise } = gate();
    ada.deeds.add = () => promise;
    const before = [bob.add(identity), bob.add(identity)];
    await ms(stage, 10);
    stage.allHear();
    const after = bob.add(identity);
    await ms(stage, 1000);
    expect(stage.storyOf(identity)).toEqual(['activated on ada']);
    open();
    await ms(stage, 10);
    expect(await Promise.all(before)).toMatchObject([{ total: 6 }, { total: 7 }]);
    expect(await after).toEqual({ total: 1, instance: 'cyd' });
    expect(stage.storyOf(identity)).toEqual(['activated on ada', 'deactivated on ada', 'activated on cyd']);
    expect(ada.passivations).toEqual(['moved']);
  });

  it('waits for the earlier owner that does not know of the change yet', async () => {
    const { ada, bob, cyd, identity, stage } = await joining();
    void bob.add(identity);
    await ms(stage, 10);
    stage.allHear(stage.processes, [bob, cyd]);
    const answer = bob.add(identity);
    await ms(stage, 1500);
    expect(stage.storyOf(identity)).toEqual(['activated on ada']);
    stage.allHear(stage.processes, [ada]);
    await ms(stage, 100);
    expect(await answer).toMatchObject({ instance: 'cyd' });
    expect(stage.storyOf(identity)).toEqual(['activated on ada', 'deactivated on ada', 'activated on cyd']);
  });

  it('is not activated by the earlier owner while the new one waits for it', async () => {
    const { ada, bob, cyd, identity, stage } = await joining();
    stage.allHear(stage.processes, [ada, bob]);
    const early = ada.add(identity);
    await ms(stage, 100);
    expect(stage.storyOf(identity)).toEqual([]);
    stage.allHear(stage.processes, [cyd]);
    await ms(stage, 1000);
    expect(await early).toMatchObject({ instance: 'cyd' });
  });

  it('refuses calls that have waited too long, or are too many', async () => {
    const { ada, bob, cyd, identity, stage } = await joining();
    void ada.add(identity);
    await ms(stage, 10);
    stage.allHear(stage.processes, [bob, cyd]);
    const call = (): Promise<unknown> => cyd.add(identity, 1, { timeoutMs: 5650 }).catch((error: unknown) => error);
    const all = Array.from({ length: 1001 }, call);
    await ms(stage, 4900);
    expect(new Set(cyd.refusals)).toEqual(new Set(['parked-too-many']));
    await ms(stage, 800);
    expect(cyd.refusals.filter((reason) => reason === 'parked-too-long')).toHaveLength(1000);
    for (const error of await Promise.all(all)) expect(error).toBeInstanceOf(DomainError);
  });

  it('is activated without word of the earlier owner when that has been silent for long', async () => {
    const { ada, bob, cyd, identity, stage } = await joining();
    void ada.add(identity);
    await ms(stage, 10);
    stage.cut(ada, cyd);
    stage.allHear(stage.processes, [bob, cyd]);
    await ms(stage, 8000);
    const answer = cyd.add(identity);
    await ms(stage, 1000);
    expect(stage.storyOf(identity)).toEqual(['activated on ada']);
    await ms(stage, 1500);
    expect(await answer).toMatchObject({ instance: 'cyd' });
  });

  it('is activated at once when the earlier owner has crashed and is given up', async () => {
    const stage = new ClusterStage();
    const [ada, bob, cyd] = await stage.startAll('ada', 'bob', 'cyd');
    const identity = stage.identityWith((one) => stage.ownerOf(one) === cyd);
    void ada.add(identity);
    await ms(stage, 10);
    stage.crash(cyd);
    const answer = ada.add(identity);
    await ms(stage, 1000);
    stage.allHear();
    await ms(stage, 1999);
    expect(stage.storyOf(identity)).toEqual(['activated on cyd']);
    await ms(stage, 600);
    expect(await answer).toMatchObject({ total: 1 });
    expect(stage.quarantined).toEqual(['cyd:1', 'cyd:1']);
    expect([ada.cluster.topology.version]).toEqual([bob.cluster.topology.version]);
  });

  it('has one activation at a time, whoever joins in quick succession and learns of it when', async () => {
    const stage = new ClusterStage();
    const [ada] = await stage.startAll('ada');
    const identities = Array.from({ length: 40 }, (_, number) => `c${number}`);
    const answers: Promise<unknown>[] = [];
    const callAll = (): void => {
      for (const process of stage.processes) {
        for (const identity of identities) answers.push(process.add(identity).catch((error: unknown) => error));
      }
    };
    callAll();
    await ms(stage, 10);
    for (const id of ['bob', 'cyd', 'dan']) {
      stage.start(id);
      for (const listener of [...stage.processes].reverse()) {
        stage.allHear(stage.processes, [listener]);
        callAll();
        await ms(stage, 3);
      }
    }
    await ms(stage, 6000);
    const outcomes = await Promise.all(answers);
    expect(outcomes.filter((outcome) => outcome instanceof Error)).toEqual([]);
    for (const identity of identities) expectOneAtATime(stage.storyOf(identity));
    expect(ada.passivations.length).toBeGreaterThan(10);
  });
});

/** Each activation ends before the next begins. */
function expectOneAtATime(story: readonly string[]): void {
  let active: string | undefined;
  for (const line of story) {
    const [what, , where] = line.split(' ');
    expect({ line, active }).toEqual({ line, active: what === 'activated' ? undefined : where });
    active = what === 'activated' ? where : undefined;
  }
}

describe('a process that leaves', () => {
  it('hands its grains over first, and is called for none meanwhile', async () => {
    const stage = new ClusterStage();
    const [ada, bob] = await stage.startAll('ada', 'bob');
    const identities = Array.from({ length: 20 }, (_, number) => `c${number}`);
    for (const identity of identities) void ada.add(identity);
    await ms(stage, 10);
    let hasLeft = false;
    void bob.cluster.leave().then(() => (hasLeft = true));
    const answers = identities.map((identity) => ada.add(identity));
    await ms(stage, 1000);
    expect(hasLeft).toBe(true);
    expect((await Promise.all(answers)).every(({ instance }) => instance === 'ada')).toBe(true);
    for (const identity of identities) expectOneAtATime(stage.storyOf(identity));
    expect(ada.cluster.topology.members.map(({ id }) => id)).toEqual(['ada']);
    expect(stage.quarantined).toEqual([]);
    const answer = bob.add('c0');
    await ms(stage, 10);
    expect(await answer).toMatchObject({ instance: 'ada' });
  });

  it('lets its last grains end when there is nobody to take them', async () => {
    const stage = new ClusterStage();
    const [ada] = await stage.startAll('ada');
    void ada.add('c1');
    await ms(stage, 10);
    let hasLeft = false;
    void ada.cluster.leave().then(() => (hasLeft = true));
    await ms(stage, 10);
    expect(hasLeft).toBe(true);
    expect(stage.storyOf('c1')).toEqual(['activated on ada', 'deactivated on ada']);
  });

  it('goes all the same when a grain does not end in time', async () => {
    const stage = new ClusterStage();
    const [ada, bob] = await stage.startAll('ada', 'bob');
    const identity = stage.identityWith((one) => stage.ownerOf(one) === ada);
    ada.deeds.deactivate = () => gate().promise;
    void ada.add(identity);
    await ms(stage, 10);
    let hasLeft = false;
    void ada.cluster.leave(2000).then(() => (hasLeft = true));
    await ms(stage, 2100);
    expect([hasLeft, bob.cluster.topology.members.length]).toEqual([true, 1]);
  });
});

describe('a process that is told to leave twice', () => {
  it('leaves once, and is done for both at the same time', async () => {
    const stage = new ClusterStage();
    const [ada, bob] = await stage.startAll('ada', 'bob');
    const identity = stage.identityWith((one) => stage.ownerOf(one) === bob);
    void ada.add(identity);
    await ms(stage, 10);
    const { open, promise } = gate();
    bob.deeds.deactivate = () => promise;
    let done = 0;
    for (let twice = 0; twice < 2; twice++) void bob.cluster.leave().then(() => done++);
    await ms(stage, 1000);
    expect(done).toBe(0);
    open();
    await ms(stage, 1000);
    expect(done).toBe(2);
    await bob.cluster.leave();
    expect(stage.sent.get('$Left')).toBe(1);
  });
});

describe('a registry that is lost', () => {
  it('ends no activation, also when it comes back empty', async () => {
    const stage = new ClusterStage();
    const [ada, bob] = await stage.startAll('ada', 'bob');
    for (let number = 0; number < 20; number++) void ada.add(`c${number}`);
    await ms(stage, 10);
    const { version } = ada.cluster.topology;
    for (const process of [ada, bob]) process.hear({ members: [], isFresh: false });
    await ms(stage, 20_000);
    for (const process of [ada, bob]) process.hear({ members: [], isFresh: true });
    await ms(stage, 20_000);
    expect([ada.cluster.topology.version, bob.cluster.topology.version]).toEqual([version, version]);
    expect([ada.passivations, bob.passivations]).toEqual([[], []]);
  });
});

describe('a process that was given up', () => {
  it('is told so when it is heard again, and comes back as another member', async () => {
    const stage = new ClusterStage();
    const [ada, bob, cyd] = await stage.startAll('ada', 'bob', 'cyd');
    const identity = stage.identityWith((one) => stage.ownerOf(one) === cyd);
    void ada.add(identity);
    await ms(stage, 100);
    stage.cut(ada, cyd);
    stage.cut(bob, cyd);
    stage.allHear([ada, bob], [ada, bob]);
    await ms(stage, 4000);
    const answer = ada.add(identity);
    await ms(stage, 100);
    expect((await answer).instance).not.toBe('cyd');
    stage.heal(ada, cyd);
    stage.heal(bob, cyd);
    await ms(stage, 1000);
    expect(cyd.isGivenUp).toBe(true);
    const reborn = await stage.startAnew(cyd);
    stage.allHear();
    await ms(stage, 1000);
    const versions = stage.processes.map(({ cluster }) => cluster.topology.version);
    expect(new Set(versions).size).toBe(1);
    expect(stage.ownerOf(identity)).toBe(reborn);
  });
});

describe('a process that the network took for gone, on both sides', () => {
  it('is told that it was given up when the registry lists it again', async () => {
    const stage = new ClusterStage();
    const [ada, bob] = await stage.startAll('ada', 'bob');
    for (const { address } of [ada, bob]) stage.network.announceGone(address);
    await ms(stage, 5000);
    expect([ada.isGivenUp, bob.isGivenUp]).toEqual([false, false]);
    stage.allHear([ada, bob], [ada]);
    await ms(stage, 1000);
    expect(bob.isGivenUp).toBe(true);
  });
});

describe('an observer', () => {
  it('hears when all members have confirmed a view, and how many have not in time', async () => {
    const stage = new ClusterStage();
    const [ada, bob] = await stage.startAll('ada', 'bob');
    expect(ada.handOvers.at(-1)).toBe(0);
    stage.cut(ada, bob);
    const cyd = stage.start('cyd');
    stage.allHear();
    const before = ada.handOvers.length;
    await ms(stage, 9000);
    expect([ada.handOvers.length - before, cyd.handOvers.at(-1)]).toEqual([0, 0]);
    await ms(stage, 2000);
    expect(ada.handOvers.slice(before)).toEqual([1]);
  });
});
