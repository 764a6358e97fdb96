import type { Clock } from '@rookery/runtime';
import type { Fleet } from '../presence/fleet.js';
import { SILENCE_MS } from '../presence/standing.js';
import type { Reporters } from '../traffic/reporters.js';
import type { Traffic } from '../traffic/traffic.js';
import type { Alarm } from './alarm.js';
import type { AlarmBook } from './alarm-book.js';
import { gatherEvidence } from './gathering.js';
import { gatherUnplaced } from './unplaced.js';

/** How often rules are asked. */
export const EVALUATION_MS = 500;
/** When its own evaluation is this late the monitor stood still itself, and knows nothing of the time between. */
const OWN_STAND_STILL_MS = 1500;
const SWEEP_MS = 10_000;

/** One look at everything: who is there, what speaks against whom, which alarms change. */
export class Watch {
  private lastAt: number | undefined;
  private sweptAt = 0;

  constructor(
    private readonly traffic: Traffic,
    private readonly reporters: Reporters,
    private readonly fleet: Fleet,
    private readonly book: AlarmBook,
    private readonly clock: Clock,
  ) {}

  /** To be called each `EVALUATION_MS`. Returns the alarms that began to fire or resolved. */
  look(): readonly Alarm[] {
    const at = this.clock.monotonic();
    this.forgiveOwnStandStill(at);
    this.sweep(at);
    const members = this.fleet.members(at);
    const evidence = gatherEvidence(members, this.traffic, at);
    const unplaced = gatherUnplaced(members, this.traffic, at);
    return this.book.evaluate({ at, members, evidence, unplaced, reporters: this.reporters }, this.clock.now());
  }

  /** Goes on with what the monitor before this one knew: its firing alarms, and who was silent. */
  resume(firing: readonly Alarm[]): void {
    const [at, wall] = [this.clock.monotonic(), this.clock.now()];
    for (const { cause, service, instance, facts, pendingAt } of firing) {
      const silentSince = at - Math.max(0, wall - pendingAt) - SILENCE_MS;
      const ref = { service, instanceId: instance, incarnation: facts['incarnation'] ?? '' };
      if (cause === 'silence') this.reporters.recall(ref, silentSince);
    }
    this.book.resume(firing, { at, wall });
  }

  private forgiveOwnStandStill(at: number): void {
    const lateMs = at - (this.lastAt ?? at) - EVALUATION_MS;
    this.lastAt = at;
    if (lateMs >= OWN_STAND_STILL_MS) this.reporters.forgive(lateMs, at);
  }

  private sweep(at: number): void {
    if (at - this.sweptAt < SWEEP_MS) return;
    this.sweptAt = at;
    this.traffic.sweep(at);
    this.fleet.sweep(at);
  }
}
