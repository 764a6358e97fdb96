import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Metrics } from '@rookery/telemetry';
import { AlarmBook } from '../alarms/alarm-book.js';
import { WebhookPublisher } from '../alarms/webhook.publisher.js';
import { rules } from '../alarms/rules.js';
import { Reporters } from '../traffic/reporters.js';
import { Traffic } from '../traffic/traffic.js';

/** Puts on /metrics what the monitor itself does, so that another system can watch the watcher. */
@Injectable()
export class MonitorMetricsRegistrar implements OnApplicationBootstrap {
  constructor(
    private readonly metrics: Metrics,
    private readonly book: AlarmBook,
    private readonly webhook: WebhookPublisher,
    private readonly reporters: Reporters,
    private readonly traffic: Traffic,
  ) {}

  onApplicationBootstrap(): void {
    this.metrics.registerGauge({
      name: 'rookery_monitor_alarms_firing',
      help: 'Alarms that are firing now.',
      labels: ['alarm'],
      read: () => this.firing(),
    });
    this.metrics.registerCounter({
      name: 'rookery_monitor_reports_total',
      help: 'Reports by what became of them: accepted once, repeated, or refused because too many instances report.',
      labels: ['outcome'],
      read: () => this.reports(),
    });
    this.registerNotifications();
    this.metrics.registerGauge({
      name: 'rookery_monitor_keys',
      help: 'Combinations of caller, target and method that are remembered.',
      read: () => this.traffic.keys,
    });
    this.metrics.registerCounter({
      name: 'rookery_monitor_lost_calls_total',
      help: 'Calls that no figure holds: left out by a reporter, or by the monitor because all keys were in use.',
      labels: ['by'],
      read: () => [
        { labels: { by: 'reporter' }, value: this.reporters.lostCalls },
        { labels: { by: 'monitor' }, value: this.traffic.overflowCalls },
      ],
    });
  }

  private registerNotifications(): void {
    this.metrics.registerCounter({
      name: 'rookery_monitor_notifications_total',
      help: 'Notifications to the webhook: delivered, failed attempts (repeated later), or dropped for good.',
      labels: ['outcome'],
      read: () => this.notifications(),
    });
    this.metrics.registerGauge({
      name: 'rookery_monitor_notifications_waiting',
      help: 'Alarms whose newest state the webhook has not taken yet.',
      read: () => this.webhook.waiting.length,
    });
  }

  private firing(): { readonly labels: { readonly alarm: string }; readonly value: number }[] {
    const firing = this.book.firing();
    return rules.map(({ name }) => ({
      labels: { alarm: name },
      value: firing.filter((alarm) => alarm.name === name).length,
    }));
  }

  private reports(): { readonly labels: { readonly outcome: string }; readonly value: number }[] {
    const { acceptedReports, repeatedReports, refusedReports } = this.reporters;
    return [
      { labels: { outcome: 'accepted' }, value: acceptedReports },
      { labels: { outcome: 'repeated' }, value: repeatedReports },
      { labels: { outcome: 'refused' }, value: refusedReports },
    ];
  }

  private notifications(): { readonly labels: { readonly outcome: string }; readonly value: number }[] {
    const { delivered, failed, dropped } = this.webhook;
    return Object.entries({ delivered, failed, dropped }).map(([outcome, value]) => ({ labels: { outcome }, value }));
  }
}
