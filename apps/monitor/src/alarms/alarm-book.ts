import type { Alarm } from './alarm.js';
import { Episode, type Moment } from './episode.js';
import type { AlarmRule, Cause, Finding, Scene } from './finding.js';
import { instanceKey } from '../traffic/report.js';

/** Resolved alarms are shown this long. */
const KEEP_RESOLVED_MS = 15 * 60_000;
const RESOLVED_LIMIT = 200;
const ACTIVE_LIMIT = 2000;
/** Balancers spare an instance for about this long after it was in trouble. */
const RELAPSE_MS = 60_000;
/** Causes that balancers notice. */
const ABOUT_CALLS: ReadonlySet<Cause> = new Set<Cause>(['failing', 'refusing', 'slow', 'link']);

/** All alarms: those that are on, and those that ended lately. */
export class AlarmBook {
  private readonly active = new Map<string, Episode>();
  private readonly resolved: Episode[] = [];
  /** When calls to an instance were last the subject of a firing alarm; monotonic. */
  private readonly inTrouble = new Map<string, number>();

  constructor(private readonly rules: readonly AlarmRule[]) {}

  /** Asks every rule. Returns the alarms that began to fire or resolved. */
  evaluate(seen: Omit<Scene, 'wasInTrouble'>, wall: number): readonly Alarm[] {
    const moment = { at: seen.at, wall };
    const scene = {
      ...seen,
      wasInTrouble: (ref: Parameters<typeof instanceKey>[0]) => this.inTrouble.has(instanceKey(ref)),
    };
    const changed = this.rules.flatMap((rule) => this.apply(rule, rule.examine(scene), moment));
    this.noteTrouble(seen.at);
    this.forgetOld(wall);
    return changed;
  }

  /** Pending and firing alarms, the oldest first. */
  current(): readonly Alarm[] {
    return [...this.active.values()].map((episode) => episode.view());
  }

  firing(): readonly Alarm[] {
    return this.current().filter(({ state }) => state === 'firing');
  }

  /** Takes up alarms that were firing when the monitor stopped; whether they still are is seen from now on. */
  resume(alarms: readonly Alarm[], moment: Moment): void {
    for (const alarm of alarms) {
      const rule = this.rules.find(({ name }) => name === alarm.name);
      const key = `${alarm.name}\n${alarm.service}\n${alarm.instance}`;
      if (rule !== undefined) this.active.set(key, Episode.resumed(rule, alarm, moment));
    }
  }

  /** Resolved alarms, the newest first. */
  recent(): readonly Alarm[] {
    return this.resolved.map((episode) => episode.view()).reverse();
  }

  private apply(rule: AlarmRule, findings: readonly Finding[], moment: Moment): readonly Alarm[] {
    const bySubject = new Map<string, Finding>();
    for (const finding of findings) {
      const key = `${rule.name}\n${finding.service}\n${finding.instance}`;
      if (bySubject.get(key)?.verdict !== 'bad') bySubject.set(key, finding);
    }
    for (const [key, finding] of bySubject) {
      const isNew = finding.verdict === 'bad' && !this.active.has(key) && this.active.size < ACTIVE_LIMIT;
      if (isNew) this.active.set(key, new Episode(rule, finding, moment));
    }
    const own = [...this.active].filter(([key]) => key.startsWith(`${rule.name}\n`));
    return own.flatMap(([key, episode]) => this.advance(key, episode, bySubject.get(key), moment));
  }

  private advance(key: string, episode: Episode, finding: Finding | undefined, moment: Moment): readonly Alarm[] {
    if (!episode.advance(finding, moment)) return [];
    const alarm = episode.view();
    if (episode.isOver) this.active.delete(key);
    if (alarm.state === 'inactive') return [];
    if (alarm.state === 'resolved') this.resolved.push(episode);
    return [alarm];
  }

  private noteTrouble(at: number): void {
    for (const [key, lastAt] of this.inTrouble) if (at - lastAt > RELAPSE_MS) this.inTrouble.delete(key);
    for (const { cause, service, instance } of this.firing()) {
      if (ABOUT_CALLS.has(cause)) this.inTrouble.set(`${service}\n${instance}`, at);
    }
  }

  private forgetOld(wall: number): void {
    while (this.resolved.length > RESOLVED_LIMIT) this.resolved.shift();
    while ((this.resolved[0]?.endedAt ?? wall) < wall - KEEP_RESOLVED_MS) this.resolved.shift();
  }
}
