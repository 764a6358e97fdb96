import type { Member } from '../presence/fleet.js';
import type { Crash } from '../traffic/reporters.js';
import { SILENCE_MS, type Standing } from '../presence/standing.js';
import type { AlarmRule, Finding, Scene } from './finding.js';

/** A run that ended without goodbye and was replaced in place counts as bad this long, so that the alarm is raised at all. */
const CRASH_MS = 2000;

/** An instance stopped reporting without having said goodbye: killed, frozen, or cut off from everybody. */
export const silenceRule: AlarmRule = {
  name: 'InstanceSilent',
  cause: 'silence',
  severity: 'critical',
  forMs: 0,
  keepFiringMs: 3000,
  forgetMs: 60_000,
  examine: (scene) => [
    ...scene.reporters.crashesSince(scene.at - CRASH_MS).map(ofCrash),
    ...scene.members.flatMap((member) => ofMember(member, scene)),
  ],
};

function ofMember(member: Member, { at, reporters }: Scene): readonly Finding[] {
  const { ref, standing, reporter, isListed } = member;
  if (reporter === undefined) return [];
  const subject = { service: ref.service, instance: ref.instanceId };
  if (standing === 'silent') {
    const silentMs = at - reporter.lastReportAt;
    const place = isListed ? 'The registry still lists it' : 'The registry no longer lists it';
    return [
      {
        ...subject,
        verdict: 'bad',
        since: reporter.lastReportAt + SILENCE_MS,
        summary: `${ref.instanceId} has sent no report for ${Math.round(silentMs / 1000)} s and said no goodbye.`,
        facts: { incarnation: ref.incarnation, registry: `${place}.` },
      },
    ];
  }
  const hasCrashed = reporters.crashesSince(at - CRASH_MS).some((crash) => isSame(crash, member));
  return hasCrashed ? [] : [{ ...subject, verdict: 'good', summary: recovery(member), facts: {} }];
}

function isSame({ ref }: Crash, member: Member): boolean {
  return ref.service === member.ref.service && ref.instanceId === member.ref.instanceId;
}

function ofCrash({ ref, lastReportAt, noticedAt }: Crash): Finding {
  const pauseMs = Math.round(noticedAt - lastReportAt);
  return {
    service: ref.service,
    instance: ref.instanceId,
    verdict: 'bad',
    since: lastReportAt,
    summary: `${ref.instanceId} ended without goodbye; a new run of it reported ${pauseMs} ms after the last report of the old one.`,
    facts: { incarnation: ref.incarnation },
  };
}

function recovery({ ref, standing, replacedBy }: Member): string {
  const outcomes: Readonly<Record<Standing, string>> = {
    reporting: 'reports again',
    replaced: `was replaced by ${replacedBy ?? 'another instance'}`,
    left: 'left on purpose',
    gone: 'stayed silent and is no longer expected',
    silent: 'is silent',
    'not-reporting': 'does not report',
  };
  return `${ref.instanceId} ${outcomes[standing]}.`;
}
