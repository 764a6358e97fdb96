import type { Snapshot } from '@rookery/discovery';
import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';
import { AlarmBook } from '../src/alarms/alarm-book.js';
import type { Alarm } from '../src/alarms/alarm.js';
import { rules } from '../src/alarms/rules.js';
import { EVALUATION_MS, Watch } from '../src/alarms/watch.js';
import { Fleet } from '../src/presence/fleet.js';
import { Listings } from '../src/presence/listings.js';
import type { Report } from '../src/traffic/report.js';
import { Reporters } from '../src/traffic/reporters.js';
import { Traffic } from '../src/traffic/traffic.js';
import { METHOD, SimulatedCaller } from './simulated-caller.js';
import { calm, Counted, instanceOf, type Process } from './simulated-process.js';

/** Processes that call each other and report each second, under a virtual clock; the monitor's own parts are real. */
export class SimulatedFleet {
  readonly time = new VirtualTime();
  readonly changes: Alarm[] = [];
  readonly processes = new Map<string, Process>();
  readonly cuts = new Map<string, number>();
  readonly delays = new Map<string, number>();
  isRegistryUp = true;
  isMonitorFrozen = false;
  private monitor = new SimulatedMonitor(this.time);
  private readonly callers = new Map<string, SimulatedCaller>();
  private readonly held: Report[] = [];
  private readonly random: SeededRandom;

  /** `callsPerSecond` is what each caller sends. */
  constructor(
    seed: number,
    private readonly callsPerSecond: number,
  ) {
    this.random = new SeededRandom(seed);
    this.time.interval(EVALUATION_MS, () => {
      if (!this.isMonitorFrozen) this.changes.push(...this.monitor.watch.look());
    });
  }

  start(id: string): Process {
    const previous = this.processes.get(id);
    const incarnationNumber = (previous?.incarnationNumber ?? 0) + 1;
    const now = this.time.clock.monotonic();
    const process: Process = {
      ref: { service: id.replace(/-\d+$/, ''), instanceId: id, incarnation: `${id}.${incarnationNumber}` },
      incarnationNumber,
      sequence: 0,
      isRunning: true,
      frozenAt: undefined,
      isListed: true,
      answers: { code: 0, latencyMs: 4 },
      vitals: calm,
      stoppedTasks: [],
      lastReportAt: now,
      startedAt: now,
      served: new Counted(),
    };
    this.processes.set(id, process);
    if (process.ref.service !== 'pricing') this.startCalling(process);
    this.publish(process.ref.service);
    this.time.timer(this.random.next() * 1000, () => {
      const beat = this.time.interval(1000, () => (process.isRunning ? this.report(process, false) : beat.cancel()));
      this.report(process, false);
    });
    return process;
  }

  /** Ends without a word. The registry notices `ttlMs` later. */
  kill(id: string, ttlMs = 15_000): void {
    const process = this.get(id);
    process.isRunning = false;
    this.meet();
    this.time.timer(ttlMs, () => {
      if (this.processes.get(id) === process) this.unlist(process);
    });
  }

  /** Deregisters, drains for a second, says goodbye. */
  stop(id: string): void {
    const process = this.get(id);
    this.unlist(process);
    this.time.timer(1200, () => {
      this.report(process, true);
      process.isRunning = false;
    });
  }

  /** From now on no packet passes between the two. */
  cut(caller: string, target: string): void {
    this.cuts.set(`${caller}>${target}`, this.time.clock.monotonic());
  }

  mend(): void {
    this.cuts.clear();
  }

  freeze(id: string): void {
    this.get(id).frozenAt = this.time.clock.monotonic();
  }

  resume(id: string): void {
    this.get(id).frozenAt = undefined;
    this.report(this.get(id), false);
  }

  get(id: string): Process {
    const process = this.processes.get(id);
    if (process === undefined) throw new Error(`no process ${id}`);
    return process;
  }

  unlist(process: Process): void {
    process.isListed = false;
    this.publish(process.ref.service);
  }

  relist(process: Process): void {
    process.isListed = true;
    this.publish(process.ref.service);
  }

  thaw(): void {
    this.isMonitorFrozen = false;
    for (const report of this.held.splice(0)) this.take(report);
  }

  /** A monitor that has just started and knows nothing takes over. */
  restartMonitor(): void {
    this.monitor = new SimulatedMonitor(this.time);
    for (const service of new Set([...this.processes.values()].map(({ ref }) => ref.service))) this.publish(service);
  }

  get current(): readonly Alarm[] {
    return this.monitor.book.current();
  }

  /** Alarms of these states, as `name instance`. */
  alarms(state: 'pending' | 'firing' | 'resolved'): readonly string[] {
    const all = [...this.current, ...this.monitor.book.recent()];
    return all.filter((alarm) => alarm.state === state).map(({ name, instance }) => `${name} ${instance}`);
  }

  /** Every alarm that ever fired. */
  fired(): readonly string[] {
    return this.changes.filter(({ state }) => state === 'firing').map(({ name, instance }) => `${name} ${instance}`);
  }

  private startCalling(process: Process): void {
    const caller = new SimulatedCaller(process, this.time, this.random, this);
    this.callers.set(process.ref.incarnation, caller);
    const next = (): void => {
      if (!process.isRunning) return;
      if (process.frozenAt === undefined) caller.call();
      this.time.timer((-1000 * Math.log(1 - this.random.next())) / this.callsPerSecond, next);
    };
    next();
    this.meet();
  }

  private meet(): void {
    const listed = [...this.processes.values()].filter(({ ref, isListed }) => ref.service === 'pricing' && isListed);
    for (const caller of this.callers.values()) caller.meet(listed);
  }

  private publish(service: string): void {
    this.meet();
    if (!this.isRegistryUp) return;
    const listed = [...this.processes.values()].filter(({ ref, isListed }) => ref.service === service && isListed);
    const snapshot: Snapshot = {
      service,
      instances: listed.map(instanceOf),
      outOfRotation: [],
      confirmedAt: this.time.clock.now(),
      source: 'registry',
    };
    this.monitor.listings.update(snapshot, this.time.clock.monotonic());
  }

  private report(process: Process, isFinal: boolean): void {
    if (process.frozenAt !== undefined || !process.isRunning) return;
    const now = this.time.clock.monotonic();
    const caller = this.callers.get(process.ref.incarnation);
    const served = process.served.take();
    this.take({
      reporter: process.ref,
      version: '1.0.0',
      sequence: ++process.sequence,
      periodMs: now - process.lastReportAt,
      mergedPeriods: Math.max(1, Math.round((now - process.lastReportAt) / 1000)),
      caller: caller?.callerEntries() ?? [],
      callee: served === undefined ? [] : [{ method: METHOD, counts: served }],
      links: caller?.linkEntries() ?? [],
      stoppedTasks: process.stoppedTasks,
      vitals: process.vitals,
      lostCalls: 0,
      isFinal,
    });
    process.lastReportAt = now;
  }

  private take(report: Report): void {
    if (this.isMonitorFrozen) this.held.push(report);
    else this.monitor.take(report);
  }
}

/** The monitor without its process: what a restart loses. */
class SimulatedMonitor {
  readonly listings = new Listings();
  readonly book = new AlarmBook(rules);
  readonly watch: Watch;
  private readonly reporters = new Reporters(100);
  private readonly traffic = new Traffic(1000, 1000);

  constructor(private readonly time: VirtualTime) {
    const fleet = new Fleet(this.reporters, this.listings);
    this.watch = new Watch(this.traffic, this.reporters, fleet, this.book, time.clock);
  }

  take(report: Report): void {
    const at = this.time.clock.monotonic();
    if (this.reporters.note(report, at) === 'accepted') this.traffic.record(report, at);
  }
}
