import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type Cancellable, Scheduler } from '@rookery/runtime';
import type { Alarm } from './alarm.js';
import { AlarmStore } from './alarm.store.js';
import { AlarmBook } from './alarm-book.js';
import { EVALUATION_MS, Watch } from './watch.js';
import { WebhookPublisher } from './webhook.publisher.js';

/** As often as Alertmanager by default, receivers are told again of what still fires. */
const REPEAT_MS = 4 * 60 * 60_000;

/** Looks at everything twice a second, tells the log and the webhook what changed, and keeps it for a restart. */
@Injectable()
export class AlarmWatchProcess implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Alarms');
  private readonly intervals: Cancellable[] = [];
  private kept = ';';

  constructor(
    private readonly watch: Watch,
    private readonly book: AlarmBook,
    private readonly store: AlarmStore,
    private readonly webhook: WebhookPublisher,
    private readonly scheduler: Scheduler,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { firing, untold } = await this.store.load();
    this.watch.resume(firing);
    this.webhook.offer(untold);
    this.intervals.push(
      this.scheduler.interval(EVALUATION_MS, () => this.look()),
      this.scheduler.interval(REPEAT_MS, () => this.webhook.offer(this.book.firing())),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    for (const interval of this.intervals) interval.cancel();
    this.webhook.close();
    this.keep();
    await this.store.settled();
  }

  private look(): void {
    const changed = this.watch.look();
    for (const alarm of changed) this.tell(alarm);
    if (changed.length > 0) this.webhook.offer(changed);
    this.keep();
  }

  /** Only when an alarm changed its state or was told: its figures change all the time. */
  private keep(): void {
    const [firing, untold] = [this.book.firing(), this.webhook.waiting];
    const states = [firing, untold].map((some) =>
      some.map(({ fingerprint, state }) => `${fingerprint} ${state}`).join(),
    );
    const revision = states.join(';');
    if (revision === this.kept) return;
    this.kept = revision;
    this.store.keep({ firing, untold });
  }

  private tell({ name, state, service, instance, history, summary }: Alarm): void {
    const line = `${name} ${state} (${service}/${instance}): ${history.at(-1)?.summary ?? summary}`;
    if (state === 'firing') this.logger.warn(line);
    else this.logger.log(line);
  }
}
