import { Injectable } from '@nestjs/common';
import { Clock } from '@rookery/runtime';
import { Fleet } from '../presence/fleet.js';
import { groupBy } from '../traffic/grouping.js';
import { type InstanceRef, type LinkState, runKey } from '../traffic/report.js';
import { type Edge, Traffic } from '../traffic/traffic.js';
import { figuresOf, type WindowedFigures } from './traffic-figures.js';

interface End {
  readonly service: string;
  readonly instance: string;
}

/** Who calls whom: one caller and one target. */
export interface LinkPicture {
  readonly caller: End;
  readonly target: End;
  /** The connection as the caller last reported it; `unknown` when it did not say. */
  readonly state: LinkState;
  readonly methods: readonly string[];
  readonly traffic: WindowedFigures;
}

/** The ways between instances that are in use or were within the last minute. */
@Injectable()
export class LinksQuery {
  constructor(
    private readonly fleet: Fleet,
    private readonly traffic: Traffic,
    private readonly clock: Clock,
  ) {}

  execute(): readonly LinkPicture[] {
    const at = this.clock.monotonic();
    const states = this.states(at);
    const ways = groupBy(this.traffic.edges(), ({ caller, target }) => wayKey(caller, target));
    const pictures = [...ways].flatMap(([key, edges]) => toPicture(edges, states.get(key)?.state ?? 'unknown', at));
    const silent = [...states].filter(([key]) => !ways.has(key));
    const unused = silent.map(([, { caller, target, state }]) => {
      return { caller: endOf(caller), target: endOf(target), state, methods: [], traffic: figuresOf([], at) };
    });
    return [...pictures, ...unused].sort(byEnds);
  }

  /** The connections of those who report, by way. */
  private states(at: number): ReadonlyMap<string, { caller: InstanceRef; target: InstanceRef; state: LinkState }> {
    const speaking = this.fleet.members(at).filter(({ standing }) => standing === 'reporting');
    return new Map(
      speaking.flatMap(({ ref: caller, reporter }) =>
        (reporter?.links ?? []).map(
          ({ target, state }) => [wayKey(caller, target), { caller, target, state }] as const,
        ),
      ),
    );
  }
}

function toPicture(edges: readonly Edge[], state: LinkState, at: number): LinkPicture[] {
  const [first] = edges;
  if (first === undefined) return [];
  const methods = edges.map(({ method }) => method).sort();
  const traffic = figuresOf(
    edges.map(({ window }) => window),
    at,
  );
  return [{ caller: endOf(first.caller), target: endOf(first.target), state, methods, traffic }];
}

function wayKey(caller: InstanceRef, target: InstanceRef): string {
  return `${runKey(caller)}\n${runKey(target)}`;
}

function endOf({ service, instanceId }: InstanceRef): End {
  return { service, instance: instanceId };
}

function byEnds(a: LinkPicture, b: LinkPicture): number {
  return a.caller.instance.localeCompare(b.caller.instance) || a.target.instance.localeCompare(b.target.instance);
}
