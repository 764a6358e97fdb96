import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type Cancellable, Scheduler } from '@rookery/runtime';
import type { Alarm } from './alarm.js';
import { EVALUATION_MS, Watch } from './watch.js';
import { WebhookPublisher } from './webhook.publisher.js';

/** Looks at everything twice a second, and tells the log and the webhook what changed. */
@Injectable()
export class AlarmWatchProcess implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Alarms');
  private interval: Cancellable | undefined;

  constructor(
    private readonly watch: Watch,
    private readonly webhook: WebhookPublisher,
    private readonly scheduler: Scheduler,
  ) {}

  onApplicationBootstrap(): void {
    this.interval = this.scheduler.interval(EVALUATION_MS, () => this.look());
  }

  onApplicationShutdown(): void {
    this.interval?.cancel();
    this.webhook.close();
  }

  private look(): void {
    const changed = this.watch.look();
    if (changed.length === 0) return;
    for (const alarm of changed) this.tell(alarm);
    this.webhook.offer(changed);
  }

  private tell({ name, state, service, instance, history, summary }: Alarm): void {
    const line = `${name} ${state} (${service}/${instance}): ${history.at(-1)?.summary ?? summary}`;
    if (state === 'firing') this.logger.warn(line);
    else this.logger.log(line);
  }
}
