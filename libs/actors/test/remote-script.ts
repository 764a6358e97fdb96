import { type Outcome, SeededRandom } from '@rookery/runtime/testing';
import { type AnyPid, Pid, pidByName } from '../src/index.js';
import { coreOf } from '../src/local/actor-system.js';
import type { Breach } from './breaches.js';
import { type Deed, NAMES, ping, RemoteWorld, type Talker, type WorldProcess } from './remote-world.js';
import type { Ping } from './two-processes.js';

const QUIET_MS = 15_000;

/** Random actions and faults, one step after the other, and then an end at which all must be well. */
export class RemoteScript {
  readonly world: RemoteWorld;
  private readonly random: SeededRandom;
  private readonly crashed: string[] = [];
  private starts = 0;

  private readonly steps: readonly (readonly [weight: number, step: () => void])[];
  private readonly possible: typeof this.steps = [
    [34, () => this.tell()],
    [14, () => this.ask()],
    [10, () => this.watch()],
    [5, () => this.unwatch()],
    [3, () => this.end('stops')],
    [3, () => this.end('poisons')],
    [5, () => this.spawn()],
    [9, () => this.cut()],
    [5, () => this.block()],
    [5, () => this.pause()],
    [2, () => this.crash()],
    [2, () => this.giveUp()],
    [1, () => this.announceGone()],
    [1, () => this.world.anyProcess().renewSoon()],
  ];

  constructor(seed: number, breach?: Breach) {
    this.random = new SeededRandom(seed);
    this.world = new RemoteWorld(this.random, breach);
    // Some scripts have much of one thing and nothing of another.
    this.steps = this.possible.map(([weight, step]) => [weight * this.world.oneOf([0, 1, 1, 4]), step]);
    const count = 2 + this.random.int(3);
    for (let index = 0; index < count; index++) this.start();
  }

  async play(steps: number): Promise<Outcome> {
    const { laws, time } = this.world;
    await time.advanceAsync(0);
    for (let step = 0; step < steps && laws.faults.length === 0; step++) {
      this.step();
      await time.advanceAsync(this.pauseMs());
      laws.look();
    }
    if (laws.faults.length === 0) await this.finish();
    return { faults: laws.faults, story: this.world.story };
  }

  private step(): void {
    const all = this.steps.reduce((sum, [weight]) => sum + weight, 0);
    let left = this.random.int(Math.max(1, all));
    for (const [weight, step] of this.steps) {
      left -= weight;
      if (left < 0) return step();
    }
  }

  private pauseMs(): number {
    const dice = this.random.next();
    return dice < 0.7 ? this.random.int(10) : dice < 0.95 ? this.random.int(150) : this.random.int(3000);
  }

  // What actors do.

  private tell(): void {
    const from = this.anyTalker();
    const target = this.anyTarget(from?.talker);
    if (from === undefined || target === undefined) return;
    const count = 1 + this.random.int(this.random.int(4) === 0 ? 30 : 3);
    this.world.tell(`${nameOf(from.pid)} tells ${nameOf(target)} ${count} times`);
    for (let index = 0; index < count; index++) {
      const number = this.world.laws.told(from.pid.toString(), from.pid.address);
      from.talker.context?.tell(target, ping(number, 'silence', this.size()));
    }
  }

  private ask(): void {
    const from = this.anyTalker();
    const target = this.anyTarget(from?.talker);
    if (from === undefined || target === undefined) return;
    const { laws, now } = this.world;
    const deed = this.world.oneOf<Deed>(['answer', 'answer', 'silence', 'throw', 'forward']);
    const timeoutMs = this.random.int(3) === 0 ? this.random.int(200) : 1000 + this.random.int(4000);
    const what = `${nameOf(from.pid)} asks ${nameOf(target)} for ${deed} in ${timeoutMs} ms`;
    this.world.tell(what);
    const number = laws.told(`${from.pid.toString()} asking`, from.pid.address);
    const answer = from.talker.context?.ask(target, ping(number, deed, this.size()), { timeoutMs });
    const ask = { what, system: from.pid.address, process: processOf(target), deadlineAt: now + timeoutMs };
    if (answer !== undefined) laws.asked(ask, answer);
  }

  private watch(): void {
    const [from, target] = [this.anyTalker(), this.world.anyTalker()];
    if (from === undefined || target === undefined || target.equals(from.pid)) return;
    this.world.tell(`${nameOf(from.pid)} watches ${nameOf(target)}`);
    this.world.laws.watched(from.pid, target);
    from.talker.context?.watch(from.talker.pid(target));
  }

  private unwatch(): void {
    const [from, target] = [this.anyTalker(), this.world.anyTalker()];
    if (from === undefined || target === undefined) return;
    this.world.tell(`${nameOf(from.pid)} unwatches ${nameOf(target)}`);
    this.world.laws.unwatched(from.pid, target);
    from.talker.context?.unwatch(from.talker.pid(target));
  }

  private end(what: 'stops' | 'poisons'): void {
    const [from, target] = [this.anyTalker(), this.world.anyTalker()];
    if (from === undefined || target === undefined) return;
    this.world.tell(`${nameOf(from.pid)} ${what} ${nameOf(target)}`);
    this.world.laws.ordered(`${from.pid.address} ${what}`, from.pid.address, target);
    if (what === 'stops') from.talker.context?.stop(from.talker.pid(target));
    else from.talker.context?.poison(from.talker.pid(target));
  }

  private spawn(): void {
    const [process, other] = [this.anyRunning(), this.world.anyProcess()];
    const name = this.world.oneOf(NAMES);
    if (process === undefined) return;
    this.world.tell(`${process.address} spawns ${name} in ${other.name}`);
    if (process === other) return process.spawn(name);
    const timeoutMs = 100 + this.random.int(3000);
    const { laws, now } = this.world;
    const what = `the spawn of ${name} in ${other.name} by ${process.address}`;
    const ask = { what, system: process.address, process: other.name, deadlineAt: now + timeoutMs };
    laws.asked(ask, process.remote.spawn(other.name, 'talker', { name, timeoutMs }));
  }

  // What happens to them.

  private cut(): void {
    const [one, other] = [this.world.anyProcess(), this.world.anyProcess()];
    if (one === other) return;
    this.world.tell(`the way from ${one.name} to ${other.name} is cut`);
    this.world.network.cut(one.name, other.name);
  }

  private block(): void {
    const [one, other] = [this.world.anyProcess().name, this.world.anyProcess().name];
    const ways = this.random.int(2) === 0 ? [[one, other]] : [[one, other], [other, one]]; // prettier-ignore
    if (one === other) return;
    const forMs = this.random.int(4000);
    for (const [from = '', to = ''] of ways) {
      this.world.tell(`the way from ${from} to ${to} is blocked for ${forMs} ms`);
      this.world.network.block(from, to);
      this.world.time.timer(forMs, () => this.world.network.unblock(from, to));
    }
  }

  private pause(): void {
    const { name } = this.world.anyProcess();
    const forMs = this.random.int(this.random.int(2) === 0 ? 100 : 4000);
    this.world.tell(`${name} pauses for ${forMs} ms`);
    this.world.network.pause(name);
    this.world.time.timer(forMs, () => this.world.network.resume(name));
  }

  /** Others hear of it late; it comes back as another process. */
  private crash(): void {
    const process = this.world.anyProcess();
    this.world.tell(`${process.name} crashes`);
    process.crash();
    this.crashed.push(process.name);
    this.world.time.timer(this.random.int(4000), () => this.world.network.announceGone(process.name));
    if (this.world.alive.length < 2 || this.random.int(2) === 0) this.start();
  }

  private giveUp(): void {
    const [process, other] = [this.anyRunning(), this.world.anyProcess()];
    if (process === undefined || process === other) return;
    this.world.tell(`${process.address} gives ${other.address} up`);
    process.remote.quarantine(other.address, 'the script wants it');
  }

  /** The registry errs. */
  private announceGone(): void {
    const { name } = this.world.anyProcess();
    this.world.tell(`${name} is said to be gone`);
    this.world.network.announceGone(name);
  }

  private start(): void {
    const name = `p${this.starts++}`;
    this.world.tell(`${name} starts`);
    this.world.start(name);
  }

  // The end.

  private async finish(): Promise<void> {
    const { laws, network, time } = this.world;
    this.world.tell('everything is healed');
    for (const name of this.crashed) network.announceGone(name);
    // All that was to end by itself has ended: blocks, pauses.
    await time.advanceAsync(5000);
    await this.everybodyMeets();
    for (const process of this.world.alive) {
      for (const { context } of [...process.talkers].slice(1))
        if (context !== undefined) process.system.stop(context.self);
    }
    for (const name of this.crashed) network.announceGone(name);
    await time.advanceAsync(QUIET_MS);
    laws.look();
    laws.lookBack();
    this.lookAround();
  }

  /** As the registry lists them: those who were given up come back as others, whom all get to know. */
  private async everybodyMeets(): Promise<void> {
    for (let round = 0; round < 5; round++) {
      for (const one of this.world.alive) {
        for (const other of this.world.alive) if (one !== other) one.remote.connect(other.address);
      }
      await this.world.time.advanceAsync(1000);
    }
  }

  private lookAround(): void {
    const { alive, laws, time } = this.world;
    for (const one of alive) {
      const { name, network, remote, system } = one;
      if (!remote.isQuiet) laws.faults.push(`${name} has something to send still`);
      const asks = coreOf(system).book.asks.size;
      if (asks > 0) laws.faults.push(`${name} has ${asks} open asks`);
      if (network.scheduler.pending > 0) laws.faults.push(`${name} has ${network.scheduler.pending} tasks waiting`);
      for (const other of alive) {
        if (one !== other && !remote.isUp(other.name)) laws.faults.push(`${name} has no way to ${other.name}`);
      }
    }
    if (time.pending > 0) laws.faults.push(`${time.pending} tasks wait`);
  }

  // Chance.

  private anyRunning(): WorldProcess | undefined {
    const running = this.world.alive.filter(({ isPaused }) => !isPaused);
    return running.length === 0 ? undefined : this.world.oneOf(running);
  }

  private anyTalker(): { readonly talker: Talker; readonly pid: Pid<Ping> } | undefined {
    const talkers = [...(this.anyRunning()?.talkers ?? [])].filter(({ context }) => context !== undefined);
    if (talkers.length === 0) return undefined;
    const talker = this.world.oneOf(talkers);
    return talker.context === undefined ? undefined : { talker, pid: talker.context.self };
  }

  /** By its Pid, or by a name in some process. */
  private anyTarget(from: Talker | undefined): Pid<Ping> | undefined {
    if (this.random.int(3) > 0) {
      const target = this.world.anyTalker();
      return target === undefined ? undefined : from?.pid(target);
    }
    return from?.pid(pidByName(this.world.oneOf(this.world.processes).name, this.world.oneOf(NAMES)));
  }

  private size(): number {
    return this.random.int(20) === 0 ? this.random.int(60_000) : this.random.int(50);
  }
}

function processOf({ address }: AnyPid): string {
  return address.replace(/\+\d+$/, '');
}

function nameOf(pid: AnyPid): string {
  return `${pid.address}/${pid.id}`;
}
