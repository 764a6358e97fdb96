import type { testing } from '@rookery/contracts/messages';
import { type Outcome, SeededRandom } from '@rookery/runtime/testing';
import type { Topic } from '../src/cluster/topic.js';
import { type ActorSystem, DeadLetter, type Pid, Props, type Received } from '../src/index.js';
import { ClusterFaults } from './cluster-faults.js';
import { type GrainProcess, GrainWorld } from './grain-world.js';
import { TopicLaws } from './topic-laws.js';

const TOPICS = ['t0', 't1', 't2'];
/** Of a word to a topic. */
const WITHIN_MS = 10_000;
/** Until the last fault is over, the last word that it has held up has come, and its lease is over. */
const QUIET_MS = 50_000;

type Said = { readonly type: 'Said' } & testing.AddRequest;

/** An actor that notes what topics tell it. It ends with its actor system, or before. */
interface Listener {
  readonly name: string;
  readonly pid: Pid<Said>;
  readonly process: GrainProcess;
  readonly system: ActorSystem;
}

/** Topics to which actors listen and processes publish, and faults: of all kinds, or of the registry alone. */
export class TopicScript {
  private readonly world: GrainWorld;
  private readonly random: SeededRandom;
  private readonly cluster: ClusterFaults;
  private readonly laws = new TopicLaws();
  private listeners: readonly Listener[] = [];

  constructor(
    seed: number,
    private readonly options: { readonly registryOnly?: boolean } = {},
  ) {
    this.random = new SeededRandom(seed);
    this.world = new GrainWorld(this.random);
    this.cluster = new ClusterFaults(this.world, this.random, options.registryOnly === true);
  }

  async play(steps: number): Promise<Outcome> {
    const { time } = this.world;
    const { faults } = this.laws;
    const count = 3 + this.random.int(3);
    for (let index = 0; index < count; index++) this.world.start();
    await time.advanceAsync(this.options.registryOnly === true ? 5000 : this.random.int(5000));
    for (let step = 0; step < steps && faults.length === 0; step++) {
      this.step();
      await time.advanceAsync(this.random.int(this.random.int(5) === 0 ? 2000 : 100));
      this.look();
    }
    if (faults.length === 0) await this.finish();
    return { faults, story: this.world.story };
  }

  private step(): void {
    for (let publishing = this.random.int(4); publishing > 0; publishing--) {
      this.publish(this.world.oneOf(TOPICS), 1 + this.random.int(3), this.world.anyRunning());
    }
    const [listen, subscribe, unsubscribe, stop] = [6, 4, 3, 1];
    let left = this.random.int(2 * (listen + subscribe + unsubscribe + stop));
    if ((left -= listen) < 0) this.listen();
    else if ((left -= subscribe) < 0) this.say('subscribe');
    else if ((left -= unsubscribe) < 0) this.say('unsubscribe');
    else if ((left -= stop) < 0) this.stop();
    this.cluster.step();
  }

  private publish(topic: string, count: number, process: GrainProcess | undefined): void {
    if (process === undefined) return;
    for (let index = 0; index < count; index++) {
      const number = this.laws.publishes(topic, process.address);
      this.world.tell(`${process.address} publishes ${number} on ${topic}`);
      topicOf(process, topic).publish({ type: 'Said', counterId: topic, amount: number });
    }
  }

  private listen(): void {
    const process = this.world.anyRunning();
    if (process === undefined) return;
    const props = Props.fromFunction((message: Received<Said>, { self }) => {
      if (message.type !== 'Said') return;
      this.world.tell(`   ${self.address}/${self.id} hears ${message.amount}`);
      this.laws.hears(self.toString(), message.counterId, message.amount);
    });
    const pid = process.system.spawn(props);
    const listener = { name: `${pid.address}/${pid.id}`, pid, process, system: process.system };
    this.listeners = [...this.listeners, listener];
    this.say('subscribe', listener);
  }

  private say(word: 'subscribe' | 'unsubscribe', listener = this.anyListener()): void {
    if (listener === undefined) return;
    const { name, pid, process } = listener;
    const topic = this.world.oneOf(TOPICS);
    const what = `${name} ${word}s at ${topic}`;
    this.world.tell(what);
    const answer = topicOf(process, topic)[word](pid);
    const end = this.laws[`${word}s`](pid.toString(), topic, answer);
    this.laws.waits(what, this.now + WITHIN_MS, end, () => !process.isAlive || process.isPaused);
  }

  private stop(): void {
    const listener = this.anyListener();
    if (listener === undefined) return;
    this.world.tell(`${listener.name} stops`);
    listener.system.stop(listener.pid);
    this.listeners = this.listeners.filter((one) => one !== listener);
    this.laws.forget(listener.pid.toString());
  }

  // What must be true.

  private look(): void {
    this.laws.look(this.now);
    for (const listener of this.listeners) if (!isThere(listener)) this.laws.forget(listener.pid.toString());
    this.listeners = this.listeners.filter(isThere);
  }

  private async finish(): Promise<void> {
    const { time } = this.world;
    this.world.tell('everything is healed');
    await time.advanceAsync(QUIET_MS);
    this.look();
    if (this.options.registryOnly === true) this.laws.lookForMissing();
    this.laws.settle();
    for (const { address, system } of this.world.alive) {
      system.events.subscribe(DeadLetter, ({ reason, target }) => {
        this.laws.faults.push(`${address} has a dead letter to ${target.toString()}: ${reason}`);
      });
    }
    for (const process of this.world.alive) for (const topic of TOPICS) this.publish(topic, 3, process);
    await time.advanceAsync(2000);
    this.look();
    this.laws.lookForMissing();
  }

  private anyListener(): Listener | undefined {
    const running = this.listeners.filter((one) => isThere(one) && !one.process.isPaused && !one.process.isLeaving);
    return running.length === 0 ? undefined : this.world.oneOf(running);
  }

  private get now(): number {
    return this.world.time.clock.monotonic();
  }
}

function isThere({ process, system }: Listener): boolean {
  return process.isAlive && process.system === system;
}

function topicOf({ cluster }: GrainProcess, name: string): Topic<Said> {
  return cluster.topic<Said>(name);
}
