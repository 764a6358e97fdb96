import { Injectable } from '@nestjs/common';
import { actorAddressOf } from '@rookery/actors-nest';
import { Clock } from '@rookery/runtime';
import { Fleet, type Member } from '../presence/fleet.js';
import { groupBy } from '../traffic/grouping.js';
import { runKey, type StoppedTask, type Vitals } from '../traffic/report.js';
import type { SlotWindow } from '../traffic/slot-window.js';
import { Traffic } from '../traffic/traffic.js';
import { figuresOf, type WindowedFigures } from './traffic-figures.js';

/** One method of one instance, merged: what its callers saw and what it saw itself. */
export interface MethodPicture {
  readonly method: string;
  readonly seenByCallers: WindowedFigures;
  readonly own: WindowedFigures;
}

export interface InstancePicture {
  readonly service: string;
  readonly instance: string;
  readonly incarnation: string;
  readonly version: string;
  readonly standing: Member['standing'];
  readonly replacedBy: string | null;
  readonly isListed: boolean;
  readonly isInMaintenance: boolean;
  /** It is listed as one with actors, so it can be asked for them. */
  readonly hasActors: boolean;
  readonly lastReportAgeMs: number | null;
  /** What a run counted after its last report died with it, so callers may have seen more than it ever told. */
  readonly unreported: 'none' | 'unknown';
  readonly reports: {
    readonly last: number;
    readonly gaps: number;
    readonly merged: number;
    readonly lostCalls: number;
  } | null;
  readonly seenByCallers: WindowedFigures;
  readonly own: WindowedFigures;
  readonly methods: readonly MethodPicture[];
  readonly vitals: Vitals | null;
  /** Tasks of its service that cannot get past an error there. */
  readonly stoppedTasks: readonly StoppedTask[];
}

/** Every instance with the merged picture of its traffic. */
@Injectable()
export class InstancesQuery {
  constructor(
    private readonly fleet: Fleet,
    private readonly traffic: Traffic,
    private readonly clock: Clock,
  ) {}

  execute(): readonly InstancePicture[] {
    const at = this.clock.monotonic();
    const incoming = groupBy(this.traffic.edges(), ({ target }) => runKey(target));
    const handled = groupBy(this.traffic.handled(), ({ callee }) => runKey(callee));
    return this.fleet.members(at).map((member) => {
      const key = runKey(member.ref);
      return toPicture(member, incoming.get(key) ?? [], handled.get(key) ?? [], at);
    });
  }
}

type Keyed = readonly { readonly method: string; readonly window: SlotWindow }[];

function toPicture(member: Member, edges: Keyed, own: Keyed, at: number): InstancePicture {
  const { ref, reporter, standing } = member;
  const hasUnknownRest = standing === 'silent' || standing === 'replaced' || standing === 'gone';
  return {
    service: ref.service,
    instance: ref.instanceId,
    incarnation: ref.incarnation,
    version: member.version,
    standing,
    replacedBy: member.replacedBy ?? null,
    isListed: member.isListed,
    isInMaintenance: member.isInMaintenance,
    hasActors: member.isListed && hasActors(member),
    lastReportAgeMs: reporter === undefined ? null : Math.round(at - reporter.lastReportAt),
    unreported: hasUnknownRest ? 'unknown' : 'none',
    reports: reportsOf(reporter),
    seenByCallers: windowsOf(edges, at),
    own: windowsOf(own, at),
    methods: methodsOf(edges, own, at),
    ...lastWordOf(reporter),
  };
}

function lastWordOf(reporter: Member['reporter']): Pick<InstancePicture, 'vitals' | 'stoppedTasks'> {
  return { vitals: reporter?.vitals ?? null, stoppedTasks: reporter?.stoppedTasks ?? [] };
}

function hasActors({ listing }: Member): boolean {
  return listing !== undefined && actorAddressOf(listing.instance) !== undefined;
}

function reportsOf(reporter: Member['reporter']): InstancePicture['reports'] {
  if (reporter === undefined) return null;
  const { ledger, mergedPeriods, lostCalls } = reporter;
  return { last: ledger.last, gaps: ledger.gaps, merged: mergedPeriods, lostCalls };
}

function methodsOf(edges: Keyed, own: Keyed, at: number): readonly MethodPicture[] {
  const names = [...new Set([...edges, ...own].map(({ method }) => method))].sort();
  const of = (keyed: Keyed, name: string) =>
    windowsOf(
      keyed.filter(({ method }) => method === name),
      at,
    );
  return names.map((method) => ({ method, seenByCallers: of(edges, method), own: of(own, method) }));
}

function windowsOf(keyed: Keyed, at: number): WindowedFigures {
  return figuresOf(
    keyed.map(({ window }) => window),
    at,
  );
}
