import type { SeededRandom } from '@rookery/runtime/testing';
import type { GrainProcess, GrainWorld } from './grain-world.js';

type Steps = readonly (readonly [weight: number, step: () => void])[];

/** What chance does to a cluster: to its registry, and unless that alone fails, to its processes and the ways between them. */
export class ClusterFaults {
  private readonly steps: Steps;

  constructor(
    private readonly world: GrainWorld,
    private readonly random: SeededRandom,
    ofRegistryOnly: boolean,
  ) {
    const steps: Steps = ofRegistryOnly ? this.registrySteps : [...this.registrySteps, ...this.otherSteps];
    // Some scripts have much of one thing and nothing of another.
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

  /** Most of the time nothing happens. */
  step(): void {
    const all = this.steps.reduce((sum, [weight]) => sum + weight, 0);
    let left = this.random.int(Math.max(1, all * 2));
    for (const [weight, step] of this.steps) {
      left -= weight;
      if (left < 0) return step();
    }
  }

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
    const process = this.world.anyRunning();
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
    const process = this.world.anyRunning();
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

  private canSpare(process: GrainProcess): boolean {
    return this.world.alive.filter(({ isLeaving }) => !isLeaving).length > 2 && !process.isLeaving;
  }
}

function nameOf({ id, incarnation }: GrainProcess): string {
  return `${id}:${incarnation}`;
}
