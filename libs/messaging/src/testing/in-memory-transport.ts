import { type Delivery, EventTransport, type Subscription } from '../consuming/event-transport.port.js';
import type { Feed } from '../feed/feed.js';

/** The feeds of services of this process, by their names, without a network between. */
export class InMemoryTransport extends EventTransport {
  constructor(private readonly feeds: ReadonlyMap<string, Feed>) {
    super();
  }

  provider(): undefined {
    // Those of this process are there.
  }

  async *subscribe({ after, service, types }: Subscription, signal: AbortSignal): AsyncGenerator<Delivery> {
    const feed = this.feeds.get(service);
    if (feed === undefined) throw new TypeError(`no feed of ${service}`);
    for await (const { end, events, head } of feed.subscribe({ after, types: [...types], maxBatch: 0 }, signal)) {
      if (end !== undefined) yield { end, events, head };
    }
  }
}
