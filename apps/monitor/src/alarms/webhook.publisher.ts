import { type BackOffOptions, fullJitter } from '@rookery/resilience';
import type { Cancellable, Random, Scheduler } from '@rookery/runtime';
import type { Alarm } from './alarm.js';
import { toWebhookPayload, type WebhookPayload } from './alertmanager.mapper.js';

/** `delivered`, `refused` for good, or `failed` and worth another try. */
export type Delivery = 'delivered' | 'refused' | 'failed';

export interface WebhookOptions {
  readonly post: (payload: WebhookPayload) => Promise<Delivery>;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly externalUrl: string;
  readonly warn: (message: string) => void;
}

const QUEUE_LIMIT = 1000;
const BACK_OFF: BackOffOptions = { baseMs: 1000, capMs: 30_000 };

/**
 * Sends alarms to a webhook in their order, one at a time. What waits is kept by fingerprint and only in its newest state,
 * so the queue is bounded by the number of alarms and a receiver that was away learns how things stand, not each step.
 */
export class WebhookPublisher {
  private readonly queue = new Map<string, Alarm>();
  private isSending = false;
  private failures = 0;
  private retry: Cancellable | undefined;
  private isClosed = false;
  delivered = 0;
  /** Attempts that failed and were or will be repeated. */
  failed = 0;
  /** Alarms that nobody was told of: the queue was full, or the receiver refused them. */
  dropped = 0;

  constructor(private readonly options: WebhookOptions) {}

  /** What no receiver has taken yet, the oldest first. */
  get waiting(): readonly Alarm[] {
    return [...this.queue.values()];
  }

  /** Never blocks and never throws. */
  offer(alarms: readonly Alarm[]): void {
    for (const alarm of alarms) {
      const hasRoom = this.queue.size < QUEUE_LIMIT || this.queue.has(alarm.fingerprint);
      if (hasRoom) this.queue.set(alarm.fingerprint, alarm);
      else this.drop(alarm, 'too many notifications wait');
    }
    if (this.retry === undefined) this.pump();
  }

  /** Ends all tries. */
  close(): void {
    this.isClosed = true;
    this.retry?.cancel();
    if (this.queue.size > 0) this.options.warn(`${this.queue.size} notifications were not delivered`);
  }

  private pump(): void {
    const [alarm] = this.queue.values();
    if (this.isSending || this.isClosed || alarm === undefined) return;
    this.isSending = true;
    void this.send(alarm)
      .finally(() => (this.isSending = false))
      .then((delivery) => this.settle(alarm, delivery));
  }

  private async send(alarm: Alarm): Promise<Delivery> {
    const payload = this.payloadOf(alarm);
    // Another try would end the same, and hold up all that wait behind it.
    if (payload === undefined) return 'refused';
    try {
      return await this.options.post(payload);
    } catch (error) {
      if (this.failures === 0) this.options.warn(`the alert webhook cannot be reached: ${String(error)}`);
      return 'failed';
    }
  }

  private payloadOf(alarm: Alarm): WebhookPayload | undefined {
    try {
      return toWebhookPayload(alarm, this.options.externalUrl);
    } catch (error) {
      this.options.warn(`no notification can be made of an alarm: ${String(error)}`);
      return undefined;
    }
  }

  private settle(alarm: Alarm, delivery: Delivery): void {
    if (delivery === 'failed') {
      this.tryAgain();
      return;
    }
    this.failures = 0;
    if (delivery === 'delivered') this.delivered++;
    else this.drop(alarm, 'refused for good');
    // Unless it changed while it was under way.
    if (this.queue.get(alarm.fingerprint) === alarm) this.queue.delete(alarm.fingerprint);
    this.pump();
  }

  private drop({ name, state, service, instance }: Alarm, reason: string): void {
    this.dropped++;
    this.options.warn(`nobody is told that ${name} ${state} (${service}/${instance}): ${reason}`);
  }

  private tryAgain(): void {
    if (this.isClosed) return;
    this.failed++;
    this.failures++;
    // Full jitter may choose nearly nothing; a receiver that just failed is left alone for a moment at least.
    const pauseMs = BACK_OFF.baseMs / 4 + fullJitter(this.failures, BACK_OFF, this.options.random);
    this.retry = this.options.scheduler.timer(pauseMs, () => {
      this.retry = undefined;
      this.pump();
    });
  }
}
