import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '@rookery/runtime/testing';
import { ClusterStage, type StagedProcess } from './cluster-stage.js';

const SEEDS = 200;
const STEPS = 60;
const IDENTITIES = Array.from({ length: 8 }, (_, number) => `c${number}`);

/** A cluster to which everything happens, but nothing for longer than members wait for each other. */
class Run {
  readonly stage: ClusterStage;
  readonly answers: Promise<unknown>[] = [];
  private readonly random: SeededRandom;
  private readonly leaving = new Set<StagedProcess>();
  private started = 0;

  constructor(seed: number) {
    this.random = new SeededRandom(seed);
    this.stage = new ClusterStage({ drainMs: 1000 }, seed, { minDelayMs: 1, maxDelayMs: 30 });
  }

  async play(): Promise<void> {
    this.join();
    this.join();
    for (let step = 0; step < STEPS; step++) {
      this.step();
      await this.stage.time.advanceAsync(this.random.int(200));
    }
    this.tellAll();
    await this.stage.time.advanceAsync(20_000);
  }

  private step(): void {
    const steps = [this.join, this.leave, this.crash, this.cutForAWhile, this.loseRegistry];
    // Calls are most of what happens.
    const step = steps[this.random.int(steps.length * 7)] ?? this.call;
    step.call(this);
  }

  private call(): void {
    const process = this.any();
    for (const identity of IDENTITIES) {
      if (this.random.int(3) === 0) this.answers.push(process.add(identity).catch((error: unknown) => error));
    }
  }

  private join(): void {
    if (this.stage.processes.length >= 5) return;
    const process = this.stage.start(`p${this.random.int(6)}-${this.started}`, String(++this.started));
    process.deeds.add = (context) => {
      if (this.random.int(50) > 0) return this.takesItsTime();
      this.stage.notes.push(`${context.identity} stepped-down on ${process.id}`);
      return context.stepDown();
    };
    process.deeds.deactivate = () => this.takesItsTime();
    this.tellAll();
  }

  private leave(): void {
    const process = this.anyThatStays();
    if (process === undefined) return;
    this.leaving.add(process);
    void process.cluster.leave(8000).then(() => this.end(process));
  }

  private crash(): void {
    const process = this.anyThatStays();
    if (process === undefined) return;
    this.stage.notes.push(`* crashed on ${process.id}`);
    this.end(process);
  }

  private end(process: StagedProcess): void {
    this.stage.crash(process);
    this.tellAll();
  }

  private cutForAWhile(): void {
    const [one, other] = [this.any(), this.any()];
    if (one === other) return;
    this.stage.cut(one, other);
    this.stage.time.timer(this.random.int(2000), () => this.stage.heal(one, other));
  }

  /** One process does not reach the registry, then reaches an empty one, then hears again of all. */
  private loseRegistry(): void {
    const process = this.any();
    const { stage } = this;
    process.hear({ members: [], isFresh: false });
    const unconfirmed = stage.processes.map(({ id }) => id);
    const members = stage.processes.map(({ member }) => member);
    stage.time.timer(this.random.int(1000), () => process.hear({ members, unconfirmed, isFresh: true }));
    stage.time.timer(1000 + this.random.int(500), () => stage.allHear(stage.processes, [process]));
  }

  /** Each process hears of the others in its own time. */
  private tellAll(): void {
    for (const listener of this.stage.processes) {
      this.stage.time.timer(this.random.int(1500), () => this.stage.allHear(this.stage.processes, [listener]));
    }
  }

  private takesItsTime(): void | Promise<void> {
    if (this.random.int(4) > 0) return undefined;
    return new Promise((resolve) => this.stage.time.timer(this.random.int(300), resolve));
  }

  private anyThatStays(): StagedProcess | undefined {
    const process = this.any();
    const staying = this.stage.processes.filter((one) => !this.leaving.has(one));
    return staying.length < 3 || this.leaving.has(process) ? undefined : process;
  }

  private any(): StagedProcess {
    const process = this.stage.processes[this.random.int(this.stage.processes.length)];
    if (process === undefined) throw new Error('the stage is empty');
    return process;
  }
}

/** Where more than one activation of a grain was at once. */
class Actives {
  readonly overlaps: string[] = [];
  private readonly where = new Map<string, string>();
  private readonly crashed = new Set<string>();

  read(note: string): void {
    const [identity = '', what, , where = ''] = note.split(' ');
    // It runs on in this test, and nobody hears of it.
    if (this.crashed.has(where)) return;
    if (what === 'crashed') this.crash(where);
    else if (what === 'activated') this.activate(identity, where);
    else this.where.delete(identity);
  }

  private activate(identity: string, where: string): void {
    const active = this.where.get(identity);
    if (active !== undefined) this.overlaps.push(`${identity} on ${where} while it is on ${active}`);
    this.where.set(identity, where);
  }

  private crash(where: string): void {
    this.crashed.add(where);
    for (const [identity, at] of this.where) if (at === where) this.where.delete(identity);
  }
}

function overlapsIn(notes: readonly string[]): readonly string[] {
  const actives = new Actives();
  for (const note of notes) actives.read(note);
  return actives.overlaps;
}

describe('hand-over in a cluster that does not come to rest', () => {
  it.each(Array.from({ length: SEEDS / 10 }, (_, ten) => ten * 10))(
    'runs each grain once at a time and ends each call (seeds %i and the next nine)',
    async (first) => {
      for (let seed = first; seed < first + 10; seed++) {
        const run = new Run(seed);
        await run.play();
        expect({ seed, overlaps: overlapsIn(run.stage.notes) }).toEqual({ seed, overlaps: [] });
        const outcomes = await Promise.all(run.answers);
        expect(outcomes.length).toBeGreaterThan(0);
        const versions = new Set(run.stage.processes.map(({ cluster }) => cluster.topology.version));
        expect({ seed, views: versions.size }).toEqual({ seed, views: 1 });
      }
    },
  );
});
