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

/** One notification of all `alarms`: nothing is grouped, so the group has no labels. */
export function toWebhookPayload(alarms: readonly Alarm[], truncated: number, externalUrl: string): WebhookPayload {
  const alerts = alarms.map((alarm) => toAlert(alarm, externalUrl));
  return {
    version: '4',
    groupKey: '{}:{}',
    truncatedAlerts: truncated,
    status: alerts.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    receiver: 'rookery',
    groupLabels: {},
    commonLabels: inAll(alerts.map(({ labels }) => labels)),
    commonAnnotations: inAll(alerts.map(({ annotations }) => annotations)),
    externalURL: externalUrl,
    alerts,
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

/** The entries that every record has with the same value. */
function inAll(records: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const [first = {}, ...others] = records;
  return Object.fromEntries(
    Object.entries(first).filter(([key, value]) => others.every((other) => other[key] === value)),
  );
}
