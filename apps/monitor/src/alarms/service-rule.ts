import type { Member } from '../presence/fleet.js';
import type { AlarmRule, Finding, Scene } from './finding.js';
import type { Unplaced } from './unplaced.js';

/** Fewer calls without an instance may be the last moment of a restart. */
const UNPLACED_CALLS = 3;

/** Callers find no usable instance of a whole service: nobody in particular is at fault, so the service is named. */
export const serviceRule: AlarmRule = {
  name: 'ServiceUnavailable',
  cause: 'service',
  severity: 'critical',
  forMs: 1000,
  keepFiringMs: 3000,
  forgetMs: 120_000,
  examine: (scene) => scene.unplaced.flatMap((unplaced) => examineOne(unplaced, scene)),
};

function examineOne({ service, callers, calls, latest, since }: Unplaced, { members }: Scene): readonly Finding[] {
  const ofService = members.filter(({ ref }) => ref.service === service);
  const usable = ofService.filter(isUsable);
  const subject = { service, instance: '' };
  // Where one is well and callers don't reach it, the way is at fault, which has an alarm of its own.
  if (usable.length === 0 && calls >= UNPLACED_CALLS) {
    const summary = `${service} has no usable instance: callers found none for ${calls} of their newest calls.`;
    const standings = ofService.map(({ ref, standing }) => `${ref.instanceId} ${standing}`).join(', ');
    return [
      {
        ...subject,
        verdict: 'bad',
        since,
        summary,
        facts: { callers: callers.join(', '), instances: standings || 'none known' },
      },
    ];
  }
  if (usable.length === 0 || latest > 0) return [];
  return [{ ...subject, verdict: 'good', summary: `${service} has a usable instance again.`, facts: {} }];
}

function isUsable({ standing, isListed, isInMaintenance }: Member): boolean {
  return (standing === 'reporting' || standing === 'not-reporting') && isListed && !isInMaintenance;
}
