import type { Cancellable } from '@rookery/runtime';

/** A constructor, by which events are told apart. */
export type EventType<E> = abstract new (...given: never[]) => E;

interface Subscription {
  readonly handle: (event: unknown) => void;
  isCancelled: boolean;
}

/**
 * Events of one actor system, handed to subscribers in the publisher's turn and in the order of subscription. What a
 * subscriber throws is reported and reaches neither the publisher nor other subscribers. What a subscriber publishes itself is
 * handed out first: those behind it hear of that before the event that led to it. Actors subscribe by
 * `context.subscribe`, which makes messages of events.
 */
export class EventStream {
  private subscriptions: readonly Subscription[] = [];

  constructor(private readonly onError: (error: unknown) => void) {}

  /** Calls `handle` for each event of the type from now on, until the subscription is cancelled. */
  subscribe<E>(type: EventType<E>, handle: (event: E) => void): Cancellable {
    return this.subscribeAll((event) => {
      if (event instanceof type) handle(event);
    });
  }

  subscribeAll(handle: (event: unknown) => void): Cancellable {
    const subscription: Subscription = { handle, isCancelled: false };
    this.subscriptions = [...this.subscriptions, subscription];
    return {
      cancel: () => {
        subscription.isCancelled = true;
        this.subscriptions = this.subscriptions.filter((one) => one !== subscription);
      },
    };
  }

  publish(event: object): void {
    for (const subscription of this.subscriptions) {
      // One that came earlier in the round may have cancelled it.
      if (subscription.isCancelled) continue;
      try {
        subscription.handle(event);
      } catch (error) {
        this.onError(error);
      }
    }
  }
}
