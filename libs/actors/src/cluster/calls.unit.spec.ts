import { describe, expect, it } from '@jest/globals';
import { ClusterStage } from '../../test/cluster-stage.js';
import { gate } from '../../test/scripted.js';

const ms = (stage: ClusterStage, duration: number): Promise<void> => stage.time.advanceAsync(duration);

describe('a call', () => {
  it('reaches the owner from wherever it is made', async () => {
    const stage = new ClusterStage();
    const [ada, bob] = await stage.startAll('ada', 'bob');
    const eve = stage.startCaller('eve');
    stage.allHear();
    await ms(stage, 100);
    for (const owner of [ada, bob]) {
      const identity = stage.identityWith((one) => stage.ownerOf(one) === owner);
      const answers = [ada, bob, eve].map((process) => process.add(identity));
      await ms(stage, 10);
      expect((await Promise.all(answers)).map(({ instance }) => instance)).toEqual([owner.id, owner.id, owner.id]);
      expect(stage.storyOf(identity)).toEqual([`activated on ${owner.id}`]);
    }
    expect([ada.refusals, bob.refusals]).toEqual([[], []]);
  });

  it('takes one hop when nothing changes', async () => {
    const stage = new ClusterStage();
    const [ada, bob] = await stage.startAll('ada', 'bob');
    await ms(stage, 20_000);
    stage.sent.clear();
    const identity = stage.identityWith((one) => stage.ownerOf(one) === bob);
    const answer = ada.add(identity);
    await ms(stage, 4);
    await answer;
    await ms(stage, 20_000);
    expect([...stage.sent]).toEqual([
      ['$GrainRequest', 1],
      ['$GrainResponse', 1],
    ]);
  });

  it('is redirected at once when the caller does not know of a new owner yet', async () => {
    const stage = new ClusterStage();
    const [ada, bob] = await stage.startAll('ada', 'bob');
    const cyd = stage.start('cyd');
    stage.allHear(stage.processes, [bob, cyd]);
    await ms(stage, 100);
    const identity = stage.identityWith((one) => stage.ownerOf(one, ada) === bob && stage.ownerOf(one, bob) === cyd);
    const answer = ada.add(identity);
    await ms(stage, 150);
    expect(await answer).toMatchObject({ instance: 'cyd' });
    expect(bob.refusals).toEqual(['not-owner']);
  });

  it('goes back and forth, with pauses, until members agree', async () => {
    const stage = new ClusterStage();
    const [ada, bob] = await stage.startAll('ada', 'bob');
    // Bob believes in somebody whom nobody else knows of, and who knows of nobody.
    const cyd = stage.start('cyd');
    stage.allHear(stage.processes, [bob]);
    const identity = stage.identityWith((one) => stage.ownerOf(one, ada) === bob && stage.ownerOf(one, bob) === cyd);
    await ms(stage, 100);
    const answer = ada.add(identity);
    await ms(stage, 2000);
    expect(bob.refusals.length).toBeGreaterThan(2);
    expect(bob.refusals.length).toBeLessThan(30);
    stage.allHear();
    await ms(stage, 1000);
    expect(await answer).toMatchObject({ instance: 'cyd' });
  });

  it('fails with what members disagree about when its time is over', async () => {
    const stage = new ClusterStage();
    const [ada, bob] = await stage.startAll('ada', 'bob');
    const cyd = stage.start('cyd');
    stage.allHear(stage.processes, [bob]);
    const identity = stage.identityWith((one) => stage.ownerOf(one, ada) === bob && stage.ownerOf(one, bob) === cyd);
    await ms(stage, 100);
    const refused = expect(ada.add(identity, 1, { timeoutMs: 1000 })).rejects.toMatchObject({
      code: 'NO_OWNER',
      kind: 'unavailable',
      metadata: { callersTopologyVersion: ada.cluster.topology.version },
    });
    await ms(stage, 1000);
    await refused;
  });

  it('is made again when the owner could not be reached, whatever the method', async () => {
    const stage = new ClusterStage();
    const [ada, bob] = await stage.startAll('ada', 'bob');
    const identity = stage.identityWith((one) => stage.ownerOf(one) === bob);
    stage.cut(ada, bob);
    const answer = ada.add(identity);
    await ms(stage, 500);
    stage.heal(ada, bob);
    await ms(stage, 600);
    expect(await answer).toMatchObject({ total: 1 });
  });

  it('whose owner is cut off is repeated only when the method says that it may be', async () => {
    const stage = new ClusterStage();
    const [ada, bob] = await stage.startAll('ada', 'bob');
    const identity = stage.identityWith((one) => stage.ownerOf(one) === bob);
    bob.deeds.activate = () => gate().promise;
    const unknown = expect(ada.add(identity)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', retryAfterMs: -1 });
    const repeated = ada.counter(identity).getTotal({ counterId: identity });
    await ms(stage, 10);
    stage.crash(bob);
    const reborn = stage.start('bob', '2');
    stage.allHear();
    await ms(stage, 1000);
    await unknown;
    expect(await repeated).toEqual({ total: 0, instance: reborn.id });
  });

  it('that is out when its own actor system ends may have been carried out, unless the method says that this is all one', async () => {
    const stage = new ClusterStage();
    const [ada, bob] = await stage.startAll('ada', 'bob');
    const identity = stage.identityWith((one) => stage.ownerOf(one) === bob);
    bob.deeds.activate = () => gate().promise;
    const unknown = expect(ada.add(identity)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', retryAfterMs: -1 });
    const harmless = expect(ada.counter(identity).getTotal({ counterId: identity })).rejects.toMatchObject({
      code: 'SYSTEM_STOPPED',
    });
    await ms(stage, 10);
    const end = ada.system.shutdown();
    await ms(stage, 10);
    await Promise.all([end, unknown, harmless]);
  });

  it('is not tried for long when its own actor system has ended', async () => {
    const stage = new ClusterStage();
    const [ada, bob] = await stage.startAll('ada', 'bob');
    const end = ada.system.shutdown();
    await ms(stage, 0);
    await end;
    const owners = [ada, bob].map((owner) => stage.identityWith((one) => stage.ownerOf(one, bob) === owner));
    const refused = owners.map((identity) =>
      expect(ada.add(identity)).rejects.toMatchObject({ code: 'SYSTEM_STOPPED' }),
    );
    await ms(stage, 0);
    await Promise.all(refused);
  });
});
