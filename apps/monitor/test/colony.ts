import type { Snapshot } from '@rookery/discovery';
import { VirtualTime } from '@rookery/runtime/testing';
import type { Alarm } from '../src/alarms/alarm.js';
import { AlarmBook } from '../src/alarms/alarm-book.js';
import { rules } from '../src/alarms/rules.js';
import { EVALUATION_MS, Watch } from '../src/alarms/watch.js';
import { Fleet } from '../src/presence/fleet.js';
import { Listings } from '../src/presence/listings.js';
import type { CalleeEntry, CallerEntry, Counts, InstanceRef, LinkEntry, Report } from '../src/traffic/report.js';
import { Reporters } from '../src/traffic/reporters.js';
import { Traffic } from '../src/traffic/traffic.js';
import { METHOD, reportOf } from './reports.js';

/** `codes` by count, all ended after about 2 ms. */
export function counted(codes: Readonly<Record<number, number>>): Counts {
  const pairs = Object.entries(codes).map(([code, count]) => [Number(code), count] as const);
  const calls = pairs.reduce((sum, [, count]) => sum + count, 0);
  return { codes: pairs, buckets: [[44, calls]], sumMicros: 2048 * calls, maxInFlight: 2 };
}

export function refOf(id: string, incarnation = 'first'): InstanceRef {
  return { service: id.replace(/-\d+$/, ''), instanceId: id, incarnation };
}

/** What one process says each second. */
export interface Told {
  readonly caller?: readonly CallerEntry[];
  readonly callee?: readonly CalleeEntry[];
  readonly links?: readonly LinkEntry[];
  readonly isFinal?: boolean;
}

export function toTarget(id: string, codes: Readonly<Record<number, number>>, method = METHOD): CallerEntry {
  return { target: refOf(id), method, counts: counted(codes) };
}

/** Calls that found no instance of a service. */
export function toNobody(service: string, codes: Readonly<Record<number, number>>): CallerEntry {
  return { target: { service, instanceId: '', incarnation: '' }, method: METHOD, counts: counted(codes) };
}

/** The monitor's own parts, told by hand what each process says, second by second. */
export class Colony {
  readonly time: VirtualTime;
  readonly changes: Alarm[] = [];
  readonly listings = new Listings();
  private readonly sequences: Map<string, number>;
  readonly book = new AlarmBook(rules);
  private readonly reporters = new Reporters(100);
  private readonly traffic = new Traffic(1000, 1000);

  /** Another colony is the one before a restart of the monitor: time and numbers go on, and what was kept is taken up. */
  constructor(before?: Colony) {
    this.time = before?.time ?? new VirtualTime();
    this.sequences = before?.sequences ?? new Map<string, number>();
    const fleet = new Fleet(this.reporters, this.listings);
    const watch = new Watch(this.traffic, this.reporters, fleet, this.book, this.time.clock);
    if (before !== undefined) watch.resume(before.book.firing());
    this.time.interval(EVALUATION_MS, () => this.changes.push(...watch.look()));
  }

  list(...ids: readonly string[]): void {
    for (const service of new Set(ids.map((id) => refOf(id).service))) {
      const of = ids.filter((id) => refOf(id).service === service);
      this.listings.update(snapshotOf(service, of), this.time.clock.monotonic());
    }
  }

  unlist(service: string): void {
    this.listings.update(snapshotOf(service, []), this.time.clock.monotonic());
  }

  /** For `seconds`, each of them says the same each second. */
  say(seconds: number, told: Readonly<Record<string, Told>>): void {
    for (let second = 0; second < seconds; second++) {
      for (const [id, each] of Object.entries(told)) this.take(reportOf({ reporter: refOf(id), ...each }));
      this.time.advance(1000);
    }
  }

  firing(): readonly string[] {
    const firing = this.book.current().filter(({ state }) => state === 'firing');
    return firing.map(({ name, service, instance }) => `${name} ${instance === '' ? service : instance}`);
  }

  private take(report: Report): void {
    const id = report.reporter.instanceId;
    const sequence = (this.sequences.get(id) ?? 0) + 1;
    this.sequences.set(id, sequence);
    const at = this.time.clock.monotonic();
    if (this.reporters.note({ ...report, sequence }, at) === 'accepted') this.traffic.record(report, at);
  }
}

function snapshotOf(service: string, ids: readonly string[]): Snapshot {
  const instances = ids.map((id) => ({
    id,
    service,
    incarnation: 'first',
    version: '1.0.0',
    zone: 'local',
    weight: 100,
    startedAt: 0,
    endpoints: {},
    capabilities: [],
    contractDigest: '',
  }));
  return { service, instances, outOfRotation: [], confirmedAt: 0, source: 'registry' };
}
