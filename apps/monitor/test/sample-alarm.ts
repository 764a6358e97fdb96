import type { Alarm } from '../src/alarms/alarm.js';

/** The silence of `pricing-1`. */
export const firing: Alarm = {
  fingerprint: '00000000000000aa',
  name: 'InstanceSilent',
  cause: 'silence',
  severity: 'critical',
  service: 'pricing',
  instance: 'pricing-1',
  state: 'firing',
  summary: 'pricing-1 is silent.',
  facts: { incarnation: 'first' },
  pendingAt: 1_000,
  firingAt: 2_000,
  resolvedAt: undefined,
  history: [],
};
