import { join } from 'node:path';
import { Logger, Module } from '@nestjs/common';
import { Clock, Random, Scheduler } from '@rookery/runtime';
import { ServiceConfig } from '@rookery/service-kit';
import { MonitorConfig } from '../app.config.js';
import { Fleet } from '../presence/fleet.js';
import { PresenceModule } from '../presence/presence.module.js';
import { Reporters } from '../traffic/reporters.js';
import { Traffic } from '../traffic/traffic.js';
import { TrafficModule } from '../traffic/traffic.module.js';
import { AlarmStore } from './alarm.store.js';
import { AlarmBook } from './alarm-book.js';
import { AlarmWatchProcess } from './alarm-watch.process.js';
import { rules } from './rules.js';
import { Watch } from './watch.js';
import { webhookTo } from './webhook.client.js';
import { WebhookPublisher } from './webhook.publisher.js';

@Module({
  imports: [TrafficModule, PresenceModule],
  providers: [
    AlarmWatchProcess,
    { provide: AlarmBook, useFactory: () => new AlarmBook(rules) },
    {
      provide: Watch,
      useFactory: (...parts: ConstructorParameters<typeof Watch>) => new Watch(...parts),
      inject: [Traffic, Reporters, Fleet, AlarmBook, Clock],
    },
    { provide: AlarmStore, useFactory: makeStore, inject: [ServiceConfig] },
    { provide: WebhookPublisher, useFactory: makeWebhook, inject: [MonitorConfig, Scheduler, Random] },
  ],
  exports: [AlarmBook, WebhookPublisher],
})
export class AlarmsModule {}

function makeStore({ SNAPSHOT_DIR: directory }: ServiceConfig): AlarmStore {
  const logger = new Logger('Alarms');
  const path = directory === undefined ? undefined : join(directory, 'alarms.json');
  return new AlarmStore(path, (message) => logger.warn(message));
}

function makeWebhook(config: MonitorConfig, scheduler: Scheduler, random: Random): WebhookPublisher {
  const logger = new Logger('Webhook');
  const warn = (message: string) => logger.warn(message);
  const url = config.ALERT_WEBHOOK_URL;
  const post = url === undefined ? async () => 'delivered' as const : webhookTo(url, warn);
  return new WebhookPublisher({ post, scheduler, random, externalUrl: config.MONITOR_URL, warn });
}
