import type { actors } from '@rookery/contracts/messages';

const MOST_WAITING = 1000;

/** What this process publishes on one topic: in order, so one batch at a time. */
export class OutgoingTopic {
  private waiting: actors.TopicMessage[] = [];
  private isSending = false;

  /** False when too many wait already. */
  add(message: actors.TopicMessage): boolean {
    if (this.waiting.length >= MOST_WAITING) return false;
    this.waiting.push(message);
    return true;
  }

  /** All that wait; undefined while a batch is under way, and when there is nothing to send. */
  take(): actors.TopicMessage[] | undefined {
    if (this.isSending || this.waiting.length === 0) return undefined;
    this.isSending = true;
    return this.waiting.splice(0);
  }

  sent(): void {
    this.isSending = false;
  }

  get isEmpty(): boolean {
    return !this.isSending && this.waiting.length === 0;
  }
}
