import type { DomainError } from '@rookery/runtime';
import { type Outcome, SeededRandom } from '@rookery/runtime/testing';
import { ClusterFaults } from './cluster-faults.js';
import { type GrainProcess, GrainWorld, type GrainWorldOptions } from './grain-world.js';

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

/** Calls to grains, and faults: of all kinds, or of the registry alone. At the end all is healed and must be well. */
export class GrainScript {
  private readonly world: GrainWorld;
  private readonly random: SeededRandom;
  private readonly faults: string[] = [];
  private readonly calls: Call[] = [];
  private readonly cluster: ClusterFaults;

  constructor(
    seed: number,
    private readonly options: GrainWorldOptions & { readonly registryOnly?: boolean } = {},
  ) {
    this.random = new SeededRandom(seed);
    this.world = new GrainWorld(this.random, options);
    this.cluster = new ClusterFaults(this.world, this.random, options.registryOnly === true);
  }

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
    this.cluster.step();
  }

  private call(timeoutMs: number, identity = this.world.oneOf(IDENTITIES), process = this.world.anyRunning()): void {
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
}
