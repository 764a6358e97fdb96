import { Injectable } from '@nestjs/common';
import { Clock } from '@rookery/runtime';
import { Fleet } from '../presence/fleet.js';
import { groupBy } from '../traffic/grouping.js';
import type { SlotWindow } from '../traffic/slot-window.js';
import { Traffic } from '../traffic/traffic.js';
import { figuresOf, type WindowedFigures } from './traffic-figures.js';

export interface ServicePicture {
  readonly service: string;
  /** How many instances are in which standing. */
  readonly instances: Readonly<Record<string, number>>;
  readonly seenByCallers: WindowedFigures;
  readonly own: WindowedFigures;
  readonly methods: readonly {
    readonly method: string;
    readonly seenByCallers: WindowedFigures;
    readonly own: WindowedFigures;
  }[];
}

/** Every service, its instances merged. */
@Injectable()
export class ServicesQuery {
  constructor(
    private readonly fleet: Fleet,
    private readonly traffic: Traffic,
    private readonly clock: Clock,
  ) {}

  execute(): readonly ServicePicture[] {
    const at = this.clock.monotonic();
    const members = groupBy(this.fleet.members(at), ({ ref }) => ref.service);
    const incoming = groupBy(this.traffic.edges(), ({ target }) => target.service);
    const handled = groupBy(this.traffic.handled(), ({ callee }) => callee.service);
    return [...members].map(([service, some]) => {
      const edges = incoming.get(service) ?? [];
      const own = handled.get(service) ?? [];
      const names = [...new Set([...edges, ...own].map(({ method }) => method))].sort();
      return {
        service,
        instances: Object.fromEntries(
          [...groupBy(some, ({ standing }) => standing)].map(([key, list]) => [key, list.length]),
        ),
        seenByCallers: sum(edges, at),
        own: sum(own, at),
        methods: names.map((method) => ({
          method,
          seenByCallers: sum(
            edges.filter((edge) => edge.method === method),
            at,
          ),
          own: sum(
            own.filter((entry) => entry.method === method),
            at,
          ),
        })),
      };
    });
  }
}

function sum(keyed: readonly { readonly window: SlotWindow }[], at: number): WindowedFigures {
  return figuresOf(
    keyed.map(({ window }) => window),
    at,
  );
}
