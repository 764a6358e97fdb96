import { type Alarm, labelsOf } from './alarm.js';

/** One alert as Alertmanager's webhook receivers expect it. */
export interface WebhookAlert {
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** RFC 3339. */
  readonly startsAt: string;
  /** RFC 3339; year 1 while the alert fires, as Alertmanager has it. */
  readonly endsAt: string;
  readonly generatorURL: string;
  readonly fingerprint: string;
}

/** The body of a notification, version 4 of Alertmanager's webhook format. */
export interface WebhookPayload {
  readonly version: '4';
  readonly groupKey: string;
  readonly truncatedAlerts: number;
  readonly status: 'firing' | 'resolved';
  readonly receiver: string;
  readonly groupLabels: Readonly<Record<string, string>>;
  readonly commonLabels: Readonly<Record<string, string>>;
  readonly commonAnnotations: Readonly<Record<string, string>>;
  readonly externalURL: string;
  readonly alerts: readonly WebhookAlert[];
}

const NO_END = '0001-01-01T00:00:00Z';

/**
 * The notification of one alarm. Each is a group of its own, as with `group_by: ['...']` in Alertmanager: receivers take
 * `groupKey` for the name of an incident and close it with `status`, so no two alarms may share one.
 */
export function toWebhookPayload(alarm: Alarm, externalUrl: string): WebhookPayload {
  const alert = toAlert(alarm, externalUrl);
  const { labels, annotations, status } = alert;
  return {
    version: '4',
    groupKey: `{}:${groupKeyOf(labels)}`,
    truncatedAlerts: 0,
    status,
    receiver: 'rookery',
    groupLabels: labels,
    commonLabels: labels,
    commonAnnotations: annotations,
    externalURL: externalUrl,
    alerts: [alert],
  };
}

function toAlert(alarm: Alarm, externalUrl: string): WebhookAlert {
  const startsAt = new Date(alarm.firingAt ?? alarm.pendingAt).toISOString();
  return {
    status: alarm.state === 'resolved' ? 'resolved' : 'firing',
    labels: labelsOf(alarm),
    annotations: { ...alarm.facts, summary: alarm.summary },
    startsAt,
    endsAt: alarm.resolvedAt === undefined ? NO_END : new Date(alarm.resolvedAt).toISOString(),
    generatorURL: `${externalUrl}/#alarms`,
    fingerprint: alarm.fingerprint,
  };
}

function groupKeyOf(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.keys(labels)
    .sort()
    .map((name) => `${name}=${JSON.stringify(labels[name])}`);
  return `{${pairs.join(', ')}}`;
}
