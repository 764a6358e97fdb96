import { describe, expect, it } from '@jest/globals';
import { ClusterStage, type StagedProcess } from '../../test/cluster-stage.js';
import { DeadLetter, type Pid } from '../index.js';
import { TestProbe } from '../testing/test-probe.js';

interface Said {
  readonly type: 'Said';
  readonly counterId: string;
  readonly amount: number;
}

const said = (word: string, number = 0): Said => ({ type: 'Said', counterId: word, amount: number });
const ms = (stage: ClusterStage, duration: number): Promise<void> => stage.time.advanceAsync(duration);

async function listening(
  stage: ClusterStage,
  process: StagedProcess,
  topic = 'news',
): Promise<{ readonly probe: TestProbe<Said>; words(): string[] }> {
  const probe = new TestProbe<Said>(process.system);
  const subscribed = process.cluster.topic<Said>(topic).subscribe(probe.pid);
  await ms(stage, 200);
  await subscribed;
  return { probe, words: () => probe.all().map((message) => (message as Said).counterId) };
}

describe('a topic', () => {
  it('tells all subscribers in all processes, each once', async () => {
    const stage = new ClusterStage();
    const [ada, bob, cyd] = await stage.startAll('ada', 'bob', 'cyd');
    const probes = [await listening(stage, ada), await listening(stage, ada), await listening(stage, bob)];
    const other = await listening(stage, cyd, 'weather');
    for (const process of [ada, bob, cyd]) process.cluster.topic<Said>('news').publish(said(process.id));
    await ms(stage, 100);
    for (const { words } of probes) expect(words().sort()).toEqual(['ada', 'bob', 'cyd']);
    expect(other.words()).toEqual([]);
  });

  it('sends each process one copy, however many listen there', async () => {
    const stage = new ClusterStage();
    const [ada, bob] = await stage.startAll('ada', 'bob');
    for (const process of [ada, ada, ada, bob, bob]) await listening(stage, process);
    stage.sent.clear();
    ada.cluster.topic<Said>('news').publish(said('x'));
    await ms(stage, 100);
    expect(stage.sent.get('$TopicDelivery')).toBe(1);
  });

  it('keeps the order in which a process publishes, also when its owner could not be reached for a while', async () => {
    const stage = new ClusterStage();
    const [ada, bob] = await stage.startAll('ada', 'bob');
    const { words } = await listening(stage, ada);
    const topic = bob.cluster.topic<Said>('news');
    const wanted = Array.from({ length: 50 }, (_, number) => `w${number}`);
    for (const [number, word] of wanted.entries()) {
      topic.publish(said(word));
      if (number === 20) stage.cut(ada, bob);
      await ms(stage, 10);
    }
    stage.heal(ada, bob);
    await ms(stage, 3000);
    const heard = words();
    expect(heard).toEqual(wanted.filter((word) => heard.includes(word)));
    expect(heard.length).toBeGreaterThan(20);
  });

  it('keeps that order, also when it moves to a process from which the way is shorter', async () => {
    const later = new ClusterStage();
    await later.startAll('ada', 'bob', 'cyd', 'dan');
    const stage = new ClusterStage();
    const [ada, bob, dan] = await stage.startAll('ada', 'bob', 'dan');
    const isMoving = (name: string): boolean => stage.topicOwner(name) === ada && later.topicOwner(name)?.id === 'cyd';
    const name = stage.identityWith(isMoving);
    const { words } = await listening(stage, bob, name);
    const letters: DeadLetter[] = [];
    bob.system.events.subscribe(DeadLetter, (letter) => letters.push(letter));
    stage.network.block(ada.address, bob.address);
    dan.cluster.topic<Said>(name).publish(said('first'));
    await ms(stage, 20);
    stage.start('cyd');
    stage.allHear();
    await ms(stage, 200);
    dan.cluster.topic<Said>(name).publish(said('second'));
    await ms(stage, 200);
    expect(words()).toEqual(['second']);
    stage.network.unblock(ada.address, bob.address);
    await ms(stage, 500);
    dan.cluster.topic<Said>(name).publish(said('third'));
    await ms(stage, 200);
    expect(words()).toEqual(['third']);
    expect(letters.map(({ reason }) => reason)).toEqual(['dropped-oldest']);
  });

  it('forgets a subscriber that ends or does not want to hear any more', async () => {
    const stage = new ClusterStage();
    const [ada, bob] = await stage.startAll('ada', 'bob');
    const [one, other] = [await listening(stage, ada), await listening(stage, bob)];
    const unsubscribed = bob.cluster.topic<Said>('news').unsubscribe(other.probe.pid);
    ada.system.stop(one.probe.pid);
    await ms(stage, 200);
    await unsubscribed;
    stage.sent.clear();
    const letters: DeadLetter[] = [];
    for (const { system } of [ada, bob]) system.events.subscribe(DeadLetter, (letter) => letters.push(letter));
    ada.cluster.topic<Said>('news').publish(said('x'));
    await ms(stage, 200);
    expect([other.words(), letters, stage.sent.get('$TopicDelivery')]).toEqual([[], [], undefined]);
  });

  it('is heard again soon after its process has crashed', async () => {
    const stage = new ClusterStage();
    const processes = await stage.startAll('ada', 'bob', 'cyd');
    const name = stage.identityWith((one) => stage.topicOwner(one) === processes[2]);
    const { words } = await listening(stage, processes[0], name);
    stage.crash(processes[2]);
    stage.allHear();
    await ms(stage, 5000);
    processes[1].cluster.topic<Said>(name).publish(said('again'));
    await ms(stage, 200);
    expect(words()).toEqual(['again']);
  });

  it('tells a process that has begun anew each message once', async () => {
    const stage = new ClusterStage();
    const [ada, bob] = await stage.startAll('ada', 'bob');
    const name = stage.identityWith((one) => stage.topicOwner(one) === ada);
    await listening(stage, bob, name);
    const reborn = await stage.startAnew(bob);
    stage.allHear();
    await ms(stage, 1000);
    const { words } = await listening(stage, reborn, name);
    ada.cluster.topic<Said>(name).publish(said('once'));
    await ms(stage, 100);
    expect(words()).toEqual(['once']);
  });

  it('sends nothing to a process that has left', async () => {
    const stage = new ClusterStage();
    const [ada, bob] = await stage.startAll('ada', 'bob');
    await listening(stage, bob);
    const topic = ada.cluster.topic<Said>('news');
    topic.publish(said('x'));
    await ms(stage, 100);
    const left = bob.cluster.leave();
    await ms(stage, 1500);
    await left;
    stage.crash(bob);
    stage.sent.clear();
    topic.publish(said('x'));
    await ms(stage, 100);
    expect(stage.sent.get('$TopicDelivery')).toBeUndefined();
  });

  it('is heard by its subscribers for as long as they live', async () => {
    const stage = new ClusterStage();
    const [ada, bob] = await stage.startAll('ada', 'bob');
    const { words } = await listening(stage, ada);
    await ms(stage, 300_000);
    bob.cluster.topic<Said>('news').publish(said('late'));
    await ms(stage, 100);
    expect(words()).toEqual(['late']);
  });

  it('takes messages that have a codec, and subscribers of the process', async () => {
    const stage = new ClusterStage();
    const [ada, bob] = await stage.startAll('ada', 'bob');
    expect(() => ada.cluster.topic('news').publish({ type: 'Unsaid' })).toThrow('no codec');
    const probe: Pid<Said> = new TestProbe<Said>(bob.system).pid;
    await expect(ada.cluster.topic<Said>('news').subscribe(probe)).rejects.toMatchObject({
      code: 'SUBSCRIBER_ELSEWHERE',
    });
  });

  it('makes dead letters of what it cannot be told', async () => {
    const stage = new ClusterStage();
    const ada = stage.start('ada');
    const letters: DeadLetter[] = [];
    ada.system.events.subscribe(DeadLetter, (letter) => letters.push(letter));
    for (let number = 0; number < 1002; number++) ada.cluster.topic<Said>('news').publish(said('x', number));
    await ms(stage, 1000);
    expect(letters.map(({ reason }) => reason)).toEqual(['queue-full']);
    await ms(stage, 5000);
    expect(letters.map(({ reason }) => reason)).toContain('unreachable');
  });
});
