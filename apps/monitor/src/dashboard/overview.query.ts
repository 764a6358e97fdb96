import { Injectable } from '@nestjs/common';
import { Clock } from '@rookery/runtime';
import { AlarmBook } from '../alarms/alarm-book.js';
import { Fleet } from '../presence/fleet.js';
import { groupBy } from '../traffic/grouping.js';
import { Reporters } from '../traffic/reporters.js';
import { Traffic } from '../traffic/traffic.js';
import { figuresOf, type WindowedFigures } from './traffic-figures.js';

export interface OverviewPicture {
  /** RFC 3339, by the monitor's clock. */
  readonly at: string;
  readonly status: 'calm' | 'pending' | 'alarm';
  readonly services: number;
  /** How many instances are in which standing. */
  readonly instances: Readonly<Record<string, number>>;
  readonly alarms: { readonly firing: number; readonly pending: number };
  /** All calls between instances, as their callers saw them. */
  readonly traffic: WindowedFigures;
  readonly intake: {
    readonly keys: number;
    readonly repeatedReports: number;
    readonly refusedReports: number;
    readonly overflowCalls: number;
  };
}

/** The whole colony in one screenful. */
@Injectable()
export class OverviewQuery {
  constructor(
    private readonly fleet: Fleet,
    private readonly traffic: Traffic,
    private readonly reporters: Reporters,
    private readonly book: AlarmBook,
    private readonly clock: Clock,
  ) {}

  execute(): OverviewPicture {
    const at = this.clock.monotonic();
    const members = this.fleet.members(at);
    const states = this.book.current().map(({ state }) => state);
    const firing = states.filter((state) => state === 'firing').length;
    const pending = states.length - firing;
    const calm = pending > 0 ? 'pending' : 'calm';
    return {
      at: new Date(this.clock.now()).toISOString(),
      status: firing > 0 ? 'alarm' : calm,
      services: new Set(members.map(({ ref }) => ref.service)).size,
      instances: Object.fromEntries(
        [...groupBy(members, ({ standing }) => standing)].map(([key, list]) => [key, list.length]),
      ),
      alarms: { firing, pending },
      traffic: figuresOf(
        [...this.traffic.edges()].map(({ window }) => window),
        at,
      ),
      intake: {
        keys: this.traffic.keys,
        repeatedReports: this.reporters.repeatedReports,
        refusedReports: this.reporters.refusedReports,
        overflowCalls: this.traffic.overflowCalls,
      },
    };
  }
}
