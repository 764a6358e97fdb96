import { setting, settings } from '@rookery/service-kit';

/** What the monitor is told by its environment, beside what every service is told. */
export class MonitorConfig extends settings({
  ALERT_WEBHOOK_URL: setting.url({
    meaning:
      "Where alarms are posted when they fire and when they resolve, in the format of Alertmanager's webhook. Without it they are only shown.",
    isOptional: true,
    isSecret: true,
  }),
  MONITOR_URL: setting.url({
    meaning: 'The address of the page as people reach it, for the links in notifications.',
    default: 'http://localhost',
  }),
}) {}
