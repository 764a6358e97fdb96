import type { DomainError } from '@rookery/runtime';
import { SeededRandom } from '@rookery/runtime/testing';
import { type GrainProcess, GrainWorld } from './grain-world.js';
import type { Outcome } from './seeds.js';

const IDENTITIES = Array.from({ length: 6 }, (_, number) => `c${number}`);
/** Of the last calls, when all is healed. */
const WITHIN_MS = 5000;
const SLACK_MS = 50;

interface Call {
  readonly what: string;
  readonly identity: string;
  readonly amount: number;
  readonly process: GrainProcess;
  readonly deadlineAt: number;
  end: 'none' | 'answered' | DomainError;
}

type Steps = readonly (readonly [weight: number, step: () => void])[];

/** Calls to grains, and faults: of all kinds, or of the registry alone. At the end all is healed and must be well. */
export class GrainScript {
  private readonly world: GrainWorld;
  private readonly random: SeededRandom;
  private readonly faults: string[] = [];
  private readonly calls: Call[] = [];
  private readonly steps: Steps;

  constructor(
    seed: number,
    private readonly options: { readonly registryOnly?: boolean; readonly hasFence?: boolean } = {},
  ) {
    this.random = new SeededRandom(seed);
    this.world = new GrainWorld(this.random, options.hasFence ?? true);
    const steps: Steps =
      options.registryOnly === true ? this.registrySteps : [...this.registrySteps, ...this.otherSteps];
    this.steps = steps.map(([weight, step]) => [weight * this.world.oneOf([0, 1, 1, 3]), step]);
  }

  private readonly registrySteps: Steps = [
    [2, () => this.registryOutage()],
    [2, () => this.world.registry.tellAll()],
  ];

  private readonly otherSteps: Steps = [
    [3, () => this.join()],
    [2, () => this.leave()],
    [2, () => this.crash()],
    [3, () => this.pause()],
    [4, () => this.cut()],
    [4, () => this.block()],
  ];

  async play(steps: number): Promise<Outcome> {
    const { time } = this.world;
    const count = 3 + this.random.int(3);
    for (let index = 0; index < count; index++) this.world.start();
    await time.advanceAsync(this.options.registryOnly === true ? 5000 : this.random.int(5000));
    for (let step = 0; step < steps && this.faults.length === 0; step++) {
      this.step();
      await time.advanceAsync(this.random.int(this.random.int(5) === 0 ? 2000 : 100));
      this.look();
    }
    if (this.faults.length === 0) await this.finish();
    return { faults: this.faults, story: this.world.story };
  }

  private step(): void {
    for (let calls = this.random.int(4); calls > 0; calls--) this.call(this.random.int(3) === 0 ? 500 : 3000);
    const all = this.steps.reduce((sum, [weight]) => sum + weight, 0);
    // Most of the time nothing happens but calls.
    let left = this.random.int(Math.max(1, all * 2));
    for (const [weight, step] of this.steps) {
      left -= weight;
      if (left < 0) return step();
    }
  }

  private call(timeoutMs: number, identity = this.world.oneOf(IDENTITIES), process = this.anyRunning()): void {
    if (process === undefined) return;
    const amount = this.calls.length + 1;
    const what = `${process.address} adds ${amount} to ${identity} in ${timeoutMs} ms`;
    this.world.tell(what);
    const deadlineAt = this.now + timeoutMs;
    const call: Call = { what, identity, amount, process, deadlineAt, end: 'none' };
    this.calls.push(call);
    process.add(identity, amount, timeoutMs).then(
      () => (call.end = 'answered'),
      (error: unknown) => (call.end = error as DomainError),
    );
  }

  // What happens to the cluster.

  private registryOutage(): void {
    const { registry, time } = this.world;
    const forMs = this.random.int(6000);
    const isEmpty = this.random.int(2) === 0;
    this.world.tell(`the registry is away for ${forMs} ms${isEmpty ? ', and then empty' : ''}`);
    registry.goDown();
    time.timer(forMs, () => registry.comeBack(isEmpty));
  }

  private join(): void {
    if (this.world.alive.length < 5) this.world.start();
  }

  private leave(): void {
    const process = this.anyRunning();
    if (process === undefined || !this.canSpare(process)) return;
    this.world.tell(`${process.address} leaves`);
    void process.leave();
  }

  private crash(): void {
    const process = this.world.anyProcess();
    if (!this.canSpare(process)) return;
    this.world.tell(`${process.address} crashes`);
    process.end();
  }

  private pause(): void {
    const process = this.anyRunning();
    if (process === undefined) return;
    const forMs = this.random.int(this.random.int(2) === 0 ? 500 : 8000);
    this.world.tell(`${process.address} pauses for ${forMs} ms`);
    process.pause(forMs);
    // Others notice a process that is silent.
    if (forMs > 1000) for (const other of this.world.alive) this.cutWays(process, other);
  }

  private cut(): void {
    const [one, other] = [this.world.anyProcess(), this.world.anyProcess()];
    if (one === other) return;
    this.world.tell(`ways between ${one.id} and ${other.id} are cut`);
    this.cutWays(one, other);
  }

  private block(): void {
    const [one, other] = [this.world.anyProcess(), this.world.anyProcess()];
    if (one === other) return;
    const forMs = this.random.int(this.random.int(2) === 0 ? 1000 : 8000);
    this.world.tell(`ways between ${one.id} and ${other.id} are blocked for ${forMs} ms`);
    const ways = [[nameOf(one), nameOf(other)], [nameOf(other), nameOf(one)]]; // prettier-ignore
    for (const [from = '', to = ''] of ways.slice(this.random.int(2))) {
      this.world.network.block(from, to);
      this.world.time.timer(forMs, () => this.world.network.unblock(from, to));
    }
  }

  private cutWays(one: GrainProcess, other: GrainProcess): void {
    this.world.network.cut(nameOf(one), nameOf(other));
    this.world.network.cut(nameOf(other), nameOf(one));
  }

  // What must be true.

  private look(): void {
    for (const { deadlineAt, end, process, what } of this.calls) {
      const isExcused = !process.isAlive || process.isPaused;
      if (end === 'none' && !isExcused && this.now > deadlineAt + SLACK_MS) this.faults.push(`${what}: no end`);
    }
    for (const identity of IDENTITIES) this.lookAtStream(identity);
    if (this.options.registryOnly === true) this.lookAtRegistry();
  }

  private lookAtStream(identity: string): void {
    const events = this.world.log.eventsOf(identity);
    const versions = new Set(events.map(({ version }) => version));
    if (versions.size < events.length) this.faults.push(`two events of ${identity} have one version`);
    const amounts = new Set(events.map(({ amount }) => amount));
    if (amounts.size < events.length) this.faults.push(`${identity} was added to twice for one call`);
    for (const call of this.calls) {
      const isLost = call.identity === identity && call.end === 'answered' && !amounts.has(call.amount);
      if (isLost) this.faults.push(`${call.what}: acknowledged and lost`);
    }
  }

  private lookAtRegistry(): void {
    const { alive } = this.world;
    for (const { cluster, deactivations, id } of alive) {
      if (deactivations > 0) this.faults.push(`${id} has ended an activation`);
      if (cluster.topology.members.length < alive.length) this.faults.push(`${id} has forgotten a member`);
    }
  }

  private async finish(): Promise<void> {
    const { time } = this.world;
    this.world.tell('everything is healed');
    // What was to end by itself has ended, and the cluster has come to rest.
    await time.advanceAsync(30_000);
    this.look();
    for (const process of this.world.alive) {
      for (const identity of IDENTITIES) this.call(WITHIN_MS, identity, process);
    }
    const last = this.calls.slice(-this.world.alive.length * IDENTITIES.length);
    await time.advanceAsync(WITHIN_MS + 1000);
    this.look();
    for (const { end, what } of last) {
      // The store may fail whenever it likes.
      if (end !== 'answered' && (end === 'none' || end.code !== 'TARGET_FAILED')) {
        this.faults.push(
          `${what}: ${end === 'none' ? 'no end' : `${end.code} ${end.message}`}, although all is healed`,
        );
      }
    }
    this.lookAround();
  }

  private lookAround(): void {
    const { alive } = this.world;
    const views = new Set(alive.map(({ cluster }) => cluster.topology.version));
    const members = alive.map(
      ({ cluster, id }) => `${id}: ${cluster.topology.members.map(({ address }) => address).join(' ')}`,
    );
    if (views.size > 1) this.faults.push(`the cluster is seen in ${views.size} ways: ${members.join('; ')}`);
    for (const identity of IDENTITIES) {
      for (const process of alive) {
        if (process.runs(identity) && !process.owns(identity))
          this.faults.push(`${process.id} runs ${identity}, which is not its own`);
      }
    }
    for (const { id, remote } of alive) if (!remote.isQuiet) this.faults.push(`${id} has something to send still`);
  }

  // Chance.

  private get now(): number {
    return this.world.time.clock.monotonic();
  }

  private anyRunning(): GrainProcess | undefined {
    const running = this.world.alive.filter(({ isLeaving, isPaused }) => !isPaused && !isLeaving);
    return running.length === 0 ? undefined : this.world.oneOf(running);
  }

  private canSpare(process: GrainProcess): boolean {
    return this.world.alive.filter(({ isLeaving }) => !isLeaving).length > 2 && !process.isLeaving;
  }
}

function nameOf({ id, incarnation }: GrainProcess): string {
  return `${id}:${incarnation}`;
}
