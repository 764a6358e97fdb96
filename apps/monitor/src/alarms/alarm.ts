import type { Cause } from './finding.js';

export const ALARM_STATES = ['pending', 'firing', 'resolved', 'inactive'] as const;
export type AlarmState = (typeof ALARM_STATES)[number];

/** One change of state; `at` is wall-clock milliseconds. */
export interface AlarmChange {
  readonly state: AlarmState;
  readonly at: number;
  readonly summary: string;
}

/** One episode of one rule about one instance. Times are wall-clock milliseconds. */
export interface Alarm {
  /** Equal for all episodes of one rule about one instance. */
  readonly fingerprint: string;
  readonly name: string;
  readonly cause: Cause;
  readonly severity: 'critical' | 'warning';
  readonly service: string;
  readonly instance: string;
  readonly state: AlarmState;
  readonly summary: string;
  readonly facts: Readonly<Record<string, string>>;
  /** When the rule was first met. */
  readonly pendingAt: number;
  readonly firingAt: number | undefined;
  readonly resolvedAt: number | undefined;
  readonly history: readonly AlarmChange[];
}

/** The labels that identify an alarm. One about a whole service has no instance, and a label is never empty. */
export function labelsOf(
  alarm: Pick<Alarm, 'name' | 'cause' | 'severity' | 'service' | 'instance'>,
): Record<string, string> {
  const { name, cause, severity, service, instance } = alarm;
  return { alertname: name, cause, ...(instance === '' ? {} : { instance }), service, severity };
}

/** FNV-1a, 64 bits, over the sorted labels: the same for the same alarm in every process. */
export function fingerprintOf(labels: Readonly<Record<string, string>>): string {
  let hash = 0xcbf29ce484222325n;
  for (const key of Object.keys(labels).sort()) {
    for (const byte of new TextEncoder().encode(`${key}\u0000${labels[key] ?? ''}\u0000`)) {
      hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
    }
  }
  return hash.toString(16).padStart(16, '0');
}
