import { Injectable } from '@nestjs/common';
import { Clock } from '@rookery/runtime';
import { Fleet } from '../presence/fleet.js';
import { groupBy } from '../traffic/grouping.js';
import { type InstanceRef, instanceKey, type LinkState } from '../traffic/report.js';
import { type Edge, Traffic } from '../traffic/traffic.js';
import { figuresOf, type WindowedFigures } from './traffic-figures.js';

interface End {
  readonly service: string;
  /** Empty for the target of calls that no instance could be found for. */
  readonly instance: string;
}

/** Who calls whom: one caller and one target. */
export interface LinkPicture {
  readonly caller: End;
  readonly target: End;
  /** The connection as the caller last reported it; `unknown` when it did not say, as of HTTP. */
  readonly state: LinkState;
  readonly methods: readonly string[];
  readonly traffic: WindowedFigures;
}

interface Way {
  readonly caller: InstanceRef;
  readonly target: InstanceRef;
}

/** The ways between instances that are in use or were within the last minute; a restart of either end makes no new way. */
@Injectable()
export class LinksQuery {
  constructor(
    private readonly fleet: Fleet,
    private readonly traffic: Traffic,
    private readonly clock: Clock,
  ) {}

  execute(): readonly LinkPicture[] {
    const at = this.clock.monotonic();
    const connections = this.connections(at);
    const used = groupBy(this.traffic.edges(), wayKey);
    const ways = new Map<string, Way>([
      ...connections,
      ...[...used].flatMap(([key, [edge]]) => (edge ? [[key, edge] as const] : [])),
    ]);
    const pictures = [...ways].map(([key, way]) => {
      return toPicture(way, used.get(key) ?? [], connections.get(key)?.state ?? 'unknown', at);
    });
    return pictures.sort(byEnds);
  }

  /** What those who report say of their connections, but for those to runs that another has followed. */
  private connections(at: number): ReadonlyMap<string, Way & { readonly state: LinkState }> {
    const members = this.fleet.members(at);
    const runs = new Map(members.map(({ ref }) => [instanceKey(ref), ref.incarnation]));
    const isOver = ({ incarnation, ...ref }: InstanceRef) =>
      (runs.get(instanceKey(ref)) ?? incarnation) !== incarnation;
    const ways = members.flatMap(({ ref: caller, standing, reporter }) => {
      const links = standing === 'reporting' ? (reporter?.links ?? []) : [];
      return links.filter(({ target }) => !isOver(target)).map(({ target, state }) => ({ caller, target, state }));
    });
    return new Map(ways.map((way) => [wayKey(way), way]));
  }
}

function toPicture({ caller, target }: Way, edges: readonly Edge[], state: LinkState, at: number): LinkPicture {
  const methods = [...new Set(edges.map(({ method }) => method))].sort();
  const traffic = figuresOf(
    edges.map(({ window }) => window),
    at,
  );
  return { caller: endOf(caller), target: endOf(target), state, methods, traffic };
}

function wayKey({ caller, target }: Way): string {
  return `${instanceKey(caller)}\n${instanceKey(target)}`;
}

function endOf({ service, instanceId }: InstanceRef): End {
  return { service, instance: instanceId };
}

function byEnds(a: LinkPicture, b: LinkPicture): number {
  return a.caller.instance.localeCompare(b.caller.instance) || a.target.instance.localeCompare(b.target.instance);
}
