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

const BATCH_LIMIT = 100;
const QUEUE_LIMIT = 1000;
const BACK_OFF: BackOffOptions = { baseMs: 1000, capMs: 30_000 };

/**
 * Sends alarms to a webhook, one notification at a time. What waits is kept by fingerprint and only in its newest state,
 * so the queue is bounded by the number of alarms and a receiver that was away learns how things stand, not each step.
 */
export class WebhookPublisher {
  private readonly waiting = new Map<string, Alarm>();
  private isSending = false;
  private failures = 0;
  private retry: Cancellable | undefined;
  private isClosed = false;
  /** Alarms that were dropped: the queue was full, or the receiver refused them. */
  droppedAlarms = 0;

  constructor(private readonly options: WebhookOptions) {}

  /** Never blocks and never throws. */
  offer(alarms: readonly Alarm[]): void {
    for (const alarm of alarms) this.enqueue(alarm);
    if (this.retry === undefined) this.pump();
  }

  /** Ends all tries. */
  close(): void {
    this.isClosed = true;
    this.retry?.cancel();
    this.waiting.clear();
  }

  private enqueue(alarm: Alarm): void {
    if (this.waiting.size >= QUEUE_LIMIT && !this.waiting.has(alarm.fingerprint)) {
      this.droppedAlarms++;
      return;
    }
    // Deleted first, so that the order is that of the newest state.
    this.waiting.delete(alarm.fingerprint);
    this.waiting.set(alarm.fingerprint, alarm);
  }

  private pump(): void {
    if (this.isSending || this.isClosed || this.waiting.size === 0) return;
    this.isSending = true;
    const batch = [...this.waiting.values()].slice(0, BATCH_LIMIT);
    for (const { fingerprint } of batch) this.waiting.delete(fingerprint);
    void this.options
      .post(toWebhookPayload(batch, this.waiting.size, this.options.externalUrl))
      .catch((error: unknown): Delivery => {
        this.options.warn(`the alert webhook cannot be reached: ${String(error)}`);
        return 'failed';
      })
      .then((delivery) => this.settle(batch, delivery));
  }

  private settle(batch: readonly Alarm[], delivery: Delivery): void {
    this.isSending = false;
    if (delivery === 'failed') {
      this.tryAgain(batch);
      return;
    }
    this.failures = 0;
    if (delivery === 'refused') this.droppedAlarms += batch.length;
    this.pump();
  }

  private tryAgain(batch: readonly Alarm[]): void {
    if (this.isClosed) return;
    for (const alarm of batch) if (!this.waiting.has(alarm.fingerprint)) this.enqueue(alarm);
    this.failures++;
    // Full jitter may choose nearly nothing; a receiver that just failed is left alone for a moment at least.
    const pauseMs = BACK_OFF.baseMs / 4 + fullJitter(this.failures, BACK_OFF, this.options.random);
    this.retry = this.options.scheduler.timer(pauseMs, () => {
      this.retry = undefined;
      this.pump();
    });
  }
}
