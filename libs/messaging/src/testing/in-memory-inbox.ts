import type { InMemoryTransaction } from '@rookery/eventsourcing/testing';
import { Inbox } from '../consuming/inbox.port.js';

/** The promises of an inbox, kept as long as the process lives; it forgets nothing. */
export class InMemoryInbox extends Inbox<InMemoryTransaction> {
  private readonly noted = new Set<string>();

  async claim(
    consumer: string,
    eventIds: readonly string[],
    transaction: InMemoryTransaction,
  ): Promise<readonly string[]> {
    const fresh = [...new Set(eventIds)].filter((id) => !this.noted.has(keyOf(consumer, id)));
    transaction.onCommit(() => fresh.forEach((id) => this.noted.add(keyOf(consumer, id))));
    return fresh;
  }

  async forget(): Promise<void> {
    // As long as a process lives is not long.
  }
}

function keyOf(consumer: string, id: string): string {
  return `${consumer} ${id}`;
}
