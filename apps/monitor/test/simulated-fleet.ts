import type { Snapshot } from '@rookery/discovery';
import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';
import { AlarmBook } from '../src/alarms/alarm-book.js';
import type { Alarm } from '../src/alarms/alarm.js';
import { rules } from '../src/alarms/rules.js';
import { EVALUATION_MS, Watch } from '../src/alarms/watch.js';
import { Fleet } from '../src/presence/fleet.js';
import { Listings } from '../src/presence/listings.js';
import type { CalleeEntry, CallerEntry, LinkEntry, Report } from '../src/traffic/report.js';
import { groupBy } from '../src/traffic/grouping.js';
import { Reporters } from '../src/traffic/reporters.js';
import { Traffic } from '../src/traffic/traffic.js';
import { calm, countsOf, instanceOf, type Process } from './simulated-process.js';

const METHOD = '/rookery.pricing.v1.PricingService/QuotePrice';

/** Processes that call each other and report each second, under a virtual clock; the monitor's own parts are real. */
export class SimulatedFleet {
  readonly time = new VirtualTime();
  readonly reporters = new Reporters(100);
  readonly traffic = new Traffic(1000);
  readonly listings = new Listings();
  readonly fleet = new Fleet(this.reporters, this.listings);
  readonly book = new AlarmBook(rules);
  readonly changes: Alarm[] = [];
  readonly processes = new Map<string, Process>();
  /** Pairs `caller>target` that no packet passes. */
  readonly cuts = new Set<string>();
  isRegistryUp = true;
  isMonitorFrozen = false;
  private readonly held: Report[] = [];
  private readonly watch = new Watch(this.traffic, this.reporters, this.fleet, this.book, this.time.clock);
  private readonly random: SeededRandom;
  private callsDue = 0;

  /** `callsPerSecond` is what each caller sends. */
  constructor(
    seed: number,
    private readonly callsPerSecond: number,
  ) {
    this.random = new SeededRandom(seed);
    this.time.interval(EVALUATION_MS, () => {
      if (!this.isMonitorFrozen) this.changes.push(...this.watch.look());
    });
    this.time.interval(50, () => this.sendCalls());
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
      isFrozen: false,
      isListed: true,
      answers: { code: 0, latencyMs: 4 },
      vitals: calm,
      lastReportAt: now,
      startedAt: now,
      calls: [],
      links: new Map(),
    };
    this.processes.set(id, process);
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

  /** Alarms of these states, as `name service/instance`. */
  alarms(state: 'pending' | 'firing' | 'resolved'): readonly string[] {
    const all = [...this.book.current(), ...this.book.recent()];
    return all.filter((alarm) => alarm.state === state).map(({ name, instance }) => `${name} ${instance}`);
  }

  /** Every alarm that ever fired. */
  fired(): readonly string[] {
    return this.changes.filter(({ state }) => state === 'firing').map(({ name, instance }) => `${name} ${instance}`);
  }

  private publish(service: string): void {
    if (!this.isRegistryUp) return;
    const listed = [...this.processes.values()].filter(({ ref, isListed }) => ref.service === service && isListed);
    const snapshot: Snapshot = {
      service,
      instances: listed.map(instanceOf),
      outOfRotation: [],
      confirmedAt: this.time.clock.now(),
      source: 'registry',
    };
    this.listings.update(snapshot, this.time.clock.monotonic());
  }

  private sendCalls(): void {
    this.callsDue += this.callsPerSecond / 20;
    const callers = [...this.processes.values()].filter(({ ref, isRunning }) => isRunning && ref.service !== 'pricing');
    for (; this.callsDue >= 1; this.callsDue--) for (const caller of callers) if (!caller.isFrozen) this.call(caller);
  }

  /** A crude balancer: it stays away from targets that lately failed, were slow or whose link is gone. */
  private call(caller: Process): void {
    const targets = [...this.processes.values()].filter(({ ref, isListed }) => ref.service === 'pricing' && isListed);
    for (const target of targets) this.refreshLink(caller, target);
    const usable = targets.filter((target) => caller.links.get(target.ref.incarnation)?.state === 'up');
    const wanted = usable.filter((target) => !this.isAvoided(caller, target) || this.random.next() < 0.05);
    const target = wanted[this.random.int(Math.max(1, wanted.length))] ?? usable[0];
    if (target !== undefined) this.perform(caller, target);
  }

  private refreshLink(caller: Process, target: Process): void {
    const now = this.time.clock.monotonic();
    const id = target.ref.instanceId;
    const isCut = this.cuts.has(`${caller.ref.instanceId}>${id}`);
    const known = caller.links.get(target.ref.incarnation) ?? { state: 'up' as const, since: now };
    const isOpen = target.isRunning && !isCut;
    // A dead peer is seen at once, a frozen one when two pings have gone unanswered.
    const state = !isOpen
      ? 'down'
      : target.isFrozen
        ? now - this.frozenAt(target) > 2500
          ? 'suspect'
          : known.state
        : 'up';
    caller.links.set(target.ref.incarnation, state === known.state ? known : { state, since: now });
  }

  private readonly freezes = new Map<Process, number>();

  freeze(id: string): void {
    this.get(id).isFrozen = true;
    this.freezes.set(this.get(id), this.time.clock.monotonic());
  }

  resume(id: string): void {
    this.get(id).isFrozen = false;
    this.report(this.get(id), false);
  }

  private frozenAt(process: Process): number {
    return this.freezes.get(process) ?? 0;
  }

  private isAvoided(caller: Process, target: Process): boolean {
    const recent = caller.calls.filter((call) => call.target === target.ref.instanceId).slice(-3);
    const isSlow = target.answers.latencyMs > 100 && recent.some(({ latencyMs }) => latencyMs > 100);
    return isSlow || recent.some(({ code }) => code === 2 || code === 4 || code >= 13);
  }

  private perform(caller: Process, target: Process): void {
    const { code, latencyMs } = target.answers;
    const jittered = latencyMs * (0.7 + 0.6 * this.random.next());
    const endsMs = target.isFrozen ? 1000 : jittered;
    this.time.timer(endsMs, () => {
      const outcome = target.isFrozen ? 4 : target.isRunning ? code : 14;
      caller.calls.push({ code: outcome, latencyMs: endsMs, target: target.ref.instanceId });
      if (target.isRunning && !target.isFrozen) target.calls.push({ code, latencyMs: endsMs, target: undefined });
    });
  }

  private report(process: Process, isFinal: boolean): void {
    if (process.isFrozen || !process.isRunning) return;
    const now = this.time.clock.monotonic();
    const calls = process.calls.splice(0);
    const made = groupBy(
      calls.filter(({ target }) => target !== undefined),
      ({ target }) => target ?? '',
    );
    const served = calls.filter(({ target }) => target === undefined);
    this.take({
      reporter: process.ref,
      version: '1.0.0',
      sequence: ++process.sequence,
      periodMs: now - process.lastReportAt,
      mergedPeriods: Math.max(1, Math.round((now - process.lastReportAt) / 1000)),
      caller: [...made].flatMap(([id, some]) => this.callerEntry(id, some)),
      callee: served.length === 0 ? [] : [{ method: METHOD, counts: countsOf(served) } satisfies CalleeEntry],
      links: [...process.links].flatMap(([id, link]) => this.linkEntry(id, link)),
      vitals: process.vitals,
      lostCalls: 0,
      isFinal,
    });
    process.lastReportAt = now;
  }

  private callerEntry(id: string, calls: readonly { code: number; latencyMs: number }[]): CallerEntry[] {
    const target = this.processes.get(id);
    return target === undefined ? [] : [{ target: target.ref, method: METHOD, counts: countsOf(calls) }];
  }

  private linkEntry(id: string, link: { state: LinkEntry['state']; since: number }): LinkEntry[] {
    const target = [...this.processes.values()].find(({ ref }) => ref.incarnation === id);
    if (target === undefined) return [];
    return [{ target: target.ref, state: link.state, lastedMs: this.time.clock.monotonic() - link.since }];
  }

  private take(report: Report): void {
    if (this.isMonitorFrozen) {
      this.held.push(report);
      return;
    }
    const at = this.time.clock.monotonic();
    if (this.reporters.note(report, at) === 'accepted') this.traffic.record(report, at);
  }
}
