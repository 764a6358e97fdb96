import { type Alarm, type AlarmChange, type AlarmState, fingerprintOf, labelsOf } from './alarm.js';
import type { AlarmRule, Finding } from './finding.js';

/** A pending alarm whose rule is not met again within this time was a hiccup; shorter gaps are just a lack of calls. */
const PENDING_FORGET_MS = 10_000;
const HISTORY_LIMIT = 20;

/** Both clocks at one moment: durations follow the monotonic one, stamps for people the other. */
export interface Moment {
  readonly at: number;
  readonly wall: number;
}

/** The life of one alarm: pending → firing → resolved, or pending → inactive. */
export class Episode {
  private state: AlarmState = 'pending';
  private readonly history: AlarmChange[] = [];
  private readonly labels: Record<string, string>;
  private readonly fingerprint: string;
  private goodSince: number | undefined;
  private lastBadAt: number;
  private readonly pendingSince: number;
  private pendingAt: number;
  private firingAt: number | undefined;
  private resolvedAt: number | undefined;

  constructor(
    private readonly rule: AlarmRule,
    private finding: Finding,
    moment: Moment,
  ) {
    this.pendingSince = Math.min(moment.at, finding.since ?? moment.at);
    this.pendingAt = Math.round(moment.wall - (moment.at - this.pendingSince));
    this.lastBadAt = moment.at;
    this.labels = labelsOf({ ...rule, service: finding.service, instance: finding.instance });
    this.fingerprint = fingerprintOf(this.labels);
    this.history.push({ state: 'pending', at: this.pendingAt, summary: finding.summary });
  }

  /** The episode of an alarm that fired before the monitor was started. */
  static resumed(rule: AlarmRule, alarm: Alarm, moment: Moment): Episode {
    const { service, instance, summary, facts } = alarm;
    const episode = new Episode(rule, { service, instance, verdict: 'bad', summary, facts }, moment);
    episode.state = 'firing';
    episode.firingAt = alarm.firingAt ?? alarm.pendingAt;
    episode.pendingAt = alarm.pendingAt;
    episode.history.splice(0, 1, ...alarm.history);
    return episode;
  }

  get isOver(): boolean {
    return this.state === 'resolved' || this.state === 'inactive';
  }

  /** Takes in what the rule says now; undefined when it says nothing. True when the state changed. */
  advance(finding: Finding | undefined, moment: Moment): boolean {
    if (this.isOver) return false;
    if (finding?.verdict === 'bad') return this.worsen(finding, moment);
    if (finding?.verdict === 'good') return this.recover(finding, moment);
    return this.wane(moment);
  }

  view(): Alarm {
    const { name, cause, severity } = this.rule;
    const { service, instance, summary, facts } = this.finding;
    const { fingerprint, state, pendingAt, firingAt, resolvedAt } = this;
    const stamps = { pendingAt, firingAt, resolvedAt };
    return {
      fingerprint,
      name,
      cause,
      severity,
      service,
      instance,
      state,
      summary,
      facts,
      ...stamps,
      history: [...this.history],
    };
  }

  /** When it ended, for those that are over. */
  get endedAt(): number {
    return this.history.at(-1)?.at ?? this.pendingAt;
  }

  private worsen(finding: Finding, moment: Moment): boolean {
    this.finding = finding;
    this.lastBadAt = moment.at;
    this.goodSince = undefined;
    if (this.state !== 'pending' || moment.at - this.pendingSince < this.rule.forMs) return false;
    this.firingAt = moment.wall;
    return this.enter('firing', finding.summary, moment);
  }

  private recover(finding: Finding, moment: Moment): boolean {
    if (this.state === 'pending') return this.enter('inactive', finding.summary, moment);
    this.goodSince ??= moment.at;
    if (moment.at - this.goodSince < this.rule.keepFiringMs) return false;
    return this.resolve(finding.summary, moment);
  }

  /** No word on the subject: a lack of calls neither confirms nor clears an alarm, until it has lasted. */
  private wane(moment: Moment): boolean {
    const unseenMs = moment.at - this.lastBadAt;
    if (this.state === 'pending') {
      return unseenMs >= PENDING_FORGET_MS && this.enter('inactive', 'The rule was not met again.', moment);
    }
    if (unseenMs < this.rule.forgetMs) return false;
    return this.resolve('No more evidence of trouble; the instance may be idle or gone.', moment);
  }

  private resolve(summary: string, moment: Moment): boolean {
    this.resolvedAt = moment.wall;
    return this.enter('resolved', summary, moment);
  }

  private enter(state: AlarmState, summary: string, moment: Moment): true {
    this.state = state;
    this.history.push({ state, at: moment.wall, summary });
    if (this.history.length > HISTORY_LIMIT) this.history.shift();
    return true;
  }
}
