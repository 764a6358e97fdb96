import { type Outcome, SeededRandom, VirtualTime } from '@rookery/runtime/testing';
import type { AccountCommand } from './account.js';
import { type Breach, Chronicle } from './chronicle.js';
import { type Call, isDenied, isSettled, type Reading, replyOf, type SentCommand } from './command-ledger.js';
import { STRAY_MS, type Weather } from './distant-store.js';
import { HostingProcess, LEASE_MS } from './hosting-process.js';
import { faultsOf } from './hosts-laws.js';

const STREAMS = ['account-0', 'account-1', 'account-2'];
const PROCESSES = 3;
const DEADLINES_MS = [50, 500, 5000];
/** What is on its way when all is healed has arrived by then. */
const QUIET_MS = STRAY_MS + 10_000;

/** Commands and reads at several hosts of the same aggregates, and faults. At the end all is healed and must be well. */
export class HostsScript {
  private readonly random: SeededRandom;
  private readonly weather: Weather;
  private readonly processes: HostingProcess[] = [];
  private readonly commands: SentCommand[] = [];
  private readonly readings: Reading[] = [];
  private readonly story: string[] = [];
  private begun = 0;

  constructor(seed: number, breach?: Breach) {
    this.random = new SeededRandom(seed);
    const time = new VirtualTime();
    const log = new Chronicle(time.clock, breach);
    this.weather = { time, log, breach, random: this.random, isAway: false, isCalm: false };
    for (let index = 0; index < PROCESSES; index++) this.begin();
  }

  async play(steps: number): Promise<Outcome> {
    const { time } = this.weather;
    for (let step = 0; step < steps; step++) {
      this.step();
      await time.advanceAsync(this.random.int(this.random.int(6) === 0 ? 1500 : 30));
    }
    await this.heal();
    const { commands, readings, story } = this;
    return { faults: await faultsOf({ commands, readings, log: this.weather.log, leaseMs: LEASE_MS }), story };
  }

  private step(): void {
    for (let sent = this.random.int(4); sent > 0; sent--) this.send(this.someCommand());
    if (this.random.int(2) === 0) this.read(this.oneOf(STREAMS));
    this.disturb();
  }

  private someCommand(): SentCommand {
    const known = this.commands[this.random.int(Math.max(1, this.commands.length))];
    if (known === undefined || this.random.int(3) > 0)
      return this.draw(this.oneOf(STREAMS), `c${this.commands.length}`);
    // The same once more, or another one under its id.
    return this.random.int(8) > 0 ? known : this.draw(known.stream, known.commandId);
  }

  private draw(stream: string, commandId: string): SentCommand {
    const amount = this.random.int(10);
    const command: AccountCommand = { type: this.oneOf(['Deposit', 'Withdraw', 'Exchange'] as const), amount };
    const requestHash = `${command.type} ${amount}`;
    const twin = this.commands.find((one) => one.commandId === commandId && one.requestHash === requestHash);
    if (twin !== undefined) return twin;
    const sent = { stream, commandId, principal: 'ada', command, requestHash, calls: [] };
    this.commands.push(sent);
    return sent;
  }

  private send(sent: SentCommand, waitMs = this.oneOf(DEADLINES_MS)): void {
    const { calls, command, commandId, principal, requestHash, stream } = sent;
    const process = this.placeOf(stream);
    this.tell(`${process.name} is told ${commandId}, ${requestHash} at ${stream}, in ${waitMs} ms`);
    const deadlineAt = this.now + waitMs;
    process.arrive(() => {
      const life = process.lifeOf(stream);
      const call: Call = { life, reply: undefined, endedAt: Infinity };
      calls.push(call);
      const end = (reply: Call['reply']): void => {
        call.reply = reply;
        call.endedAt = this.now;
        this.tell(`${life.name} says to ${commandId}: ${JSON.stringify(reply)}`);
        if (reply?.kind === 'not-done' && reply.code === 'FENCE_LOST') process.replace(life);
      };
      life.host.execute({ command, commandId, principal, requestHash, deadlineAt, metadata: {} }).then(
        (answer) => end({ kind: 'settled', outcome: { answer } }),
        (error: unknown) => end(replyOf(error)),
      );
    });
  }

  private read(stream: string): void {
    const process = this.placeOf(stream);
    process.arrive(() => {
      const life = process.lifeOf(stream);
      const reading: Reading = { life, startedAt: this.now, endedAt: Infinity, found: undefined, code: undefined };
      this.readings.push(reading);
      const end = (told: Partial<Reading>): void => {
        Object.assign(reading, told, { endedAt: this.now });
        this.tell(`${life.name} shows ${stream}, asked at ${reading.startedAt}: ${JSON.stringify(told)}`);
        if (reading.code === 'FENCE_LOST') process.replace(life);
      };
      life.host.read().then(
        (found) => end({ found }),
        (error: { code: string }) => end({ code: error.code }),
      );
    });
  }

  // What goes wrong.

  private disturb(): void {
    const { processes, weather } = this;
    if (weather.isAway && this.random.int(3) === 0) this.turn();
    const at = this.random.int(processes.length);
    const process = processes[at];
    if (process === undefined) return;
    switch (this.random.int(14)) {
      case 0:
        this.turn();
        break;
      case 1:
      case 2:
        this.tell(`${process.name} ${process.isPaused ? 'goes on' : 'stands still'}`);
        if (process.isPaused) process.resume();
        else process.isPaused = true;
        break;
      case 3:
        this.tell(`${process.name} is killed`);
        process.kill();
        processes.splice(at, 1);
        this.begin();
        break;
    }
  }

  private turn(): void {
    this.weather.isAway = !this.weather.isAway;
    this.tell(`the store is ${this.weather.isAway ? 'away' : 'back'}`);
  }

  private begin(): void {
    this.processes.push(new HostingProcess(`p${++this.begun}`, this.weather));
  }

  /** Each sender who has the patience is told in the end, but for those who know already that it was not done. */
  private async heal(): Promise<void> {
    const { time } = this.weather;
    this.tell('all is healed');
    Object.assign(this.weather, { isAway: false, isCalm: true });
    for (const process of this.processes) process.resume();
    await time.advanceAsync(QUIET_MS);
    for (let round = 0; round < PROCESSES + 2; round++) {
      const open = this.commands.filter((sent) => !isDenied(sent) && !isSettled(sent));
      for (const sent of open) this.send(sent, QUIET_MS);
      for (const stream of STREAMS) this.read(stream);
      await time.advanceAsync(QUIET_MS);
    }
  }

  // Chance.

  /** Mostly where its host is thought to be; sometimes somebody sees that otherwise. */
  private placeOf(stream: string): HostingProcess {
    const { processes } = this;
    const usual = processes[STREAMS.indexOf(stream) % processes.length];
    if (usual === undefined || this.random.int(4) === 0) return this.oneOf(processes);
    return usual;
  }

  private oneOf<T>(all: readonly T[]): T {
    return all[this.random.int(all.length)] as T;
  }

  private tell(line: string): void {
    this.story.push(`${this.now} ${line}`);
  }

  private get now(): number {
    return this.weather.time.clock.monotonic();
  }
}
