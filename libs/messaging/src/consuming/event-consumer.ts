import type { messaging } from '@rookery/contracts/messages';
import {
  type Checkpoints,
  type EventTaker,
  type Follower,
  type LogPosition,
  Pause,
  takeEvents,
} from '@rookery/eventsourcing';
import { fullJitter } from '@rookery/resilience';
import { runInScope } from '@rookery/rpc';
import type { Clock, Random, Scheduler } from '@rookery/runtime';
import { eventNameOf, type EventType } from '../event-type.js';
import type { EventTransport } from './event-transport.port.js';
import type { Inbox } from './inbox.port.js';
import type { IntegrationEventHandler } from './integration-event-handler.js';

export interface EventConsumerParts<Tx> {
  readonly handler: IntegrationEventHandler<unknown, Tx>;
  readonly transport: EventTransport;
  readonly checkpoints: Checkpoints<Tx>;
  readonly inbox: Inbox<Tx>;
  /** Hears that it waits for a provider of whom nobody has heard yet. */
  readonly onWaiting: () => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly scheduler: Scheduler;
}

/** A provider that ends its stream, as one does that drains, is left behind at once and not besieged. */
const RECONNECT = { baseMs: 50, capMs: 50 };
/** How long the inbox knows what was handled: how old a repeat may be. */
const KEPT_MS = 30 * 86_400_000;
const FORGET_EVERY_MS = 3_600_000;

/** Hands the events of another service to one handler, each once, in their order. */
export class EventConsumer<Tx> implements Follower {
  readonly name: string;
  /** Events that were handled here. */
  handled = 0;
  private readonly types: ReadonlyMap<string, EventType>;
  private from: LogPosition | undefined;
  private headSeen = 0;
  private forgottenAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly parts: EventConsumerParts<Tx>) {
    const { handler } = parts;
    const { name, types } = handler;
    this.name = `consumer ${name}`;
    this.types = new Map(types.map((type) => [eventNameOf(type, handler), type]));
  }

  /** Positions of the provider's log that it has not come to yet, as of the last delivery. */
  get lag(): number {
    return Math.max(0, this.headSeen - (this.from?.position ?? 0));
  }

  /** Goes on until `signal` is aborted. Throws when it cannot; it may be begun again, and goes on from its checkpoint. */
  async follow(signal: AbortSignal, wentWell: () => void): Promise<void> {
    const { random, scheduler } = this.parts;
    const pause = new Pause(scheduler, signal);
    try {
      while (!signal.aborted) {
        await this.consume(signal, wentWell);
        await pause.wait(fullJitter(1, RECONNECT, random));
      }
    } catch (error) {
      // What it was told to end has not failed.
      if (!signal.aborted) throw error;
    }
  }

  /** Until the stream ends, or another process is found to consume the same. */
  private async consume(signal: AbortSignal, wentWell: () => void): Promise<void> {
    const { checkpoints, handler, transport } = this.parts;
    this.from = await checkpoints.load(this.name);
    if (this.from === undefined) await this.firstProvider(signal, wentWell);
    const subscription = { service: handler.service, types: [...this.types.keys()], after: this.from };
    const taker = this.taker(signal);
    for await (const delivery of transport.subscribe(subscription, signal)) {
      this.headSeen = delivery.head;
      if (!(await takeEvents(taker, delivery))) return;
      wentWell();
      await this.forget();
    }
  }

  private taker(signal: AbortSignal): EventTaker<messaging.FeedEvent> {
    return {
      name: this.name,
      code: 'EVENT_NOT_HANDLED',
      from: () => this.from,
      advance: (events, end) => this.advance(events, end, signal),
      describe: ({ id, type }) => `${type} ${id}`,
    };
  }

  /**
   * Who has been told something before misses a provider that is gone: it stands still. Who never was may be there first, or in
   * a system that has no such service: it waits, and nothing is wrong.
   */
  private async firstProvider(signal: AbortSignal, wentWell: () => void): Promise<void> {
    const { handler, onWaiting, transport } = this.parts;
    const coming = transport.provider(handler.service, signal);
    if (coming === undefined) return;
    wentWell();
    onWaiting();
    await coming;
  }

  private async advance(
    events: readonly messaging.FeedEvent[],
    end: LogPosition,
    signal: AbortSignal,
  ): Promise<boolean> {
    let handled = 0;
    const outcome = await this.parts.checkpoints.advance(this.name, this.from, end, async (transaction) => {
      handled = await this.apply(events, transaction, signal);
    });
    if (outcome !== 'advanced') return false;
    this.handled += handled;
    this.from = end;
    return true;
  }

  /** Says how many of them were not handled before. */
  private async apply(events: readonly messaging.FeedEvent[], transaction: Tx, signal: AbortSignal): Promise<number> {
    const known = events.filter(({ type }) => this.types.has(type));
    if (known.length === 0) return 0;
    const ids = known.map(({ id }) => id);
    const fresh = new Set(await this.parts.inbox.claim(this.parts.handler.name, ids, transaction));
    const handled = fresh.size;
    for (const event of known) if (fresh.delete(event.id)) await this.handle(event, transaction, signal);
    return handled;
  }

  private async handle(event: messaging.FeedEvent, transaction: Tx, signal: AbortSignal): Promise<void> {
    const { correlationId, id, key, occurredAt, payload, traceparent, type: name } = event;
    const type = this.types.get(name);
    if (type === undefined) return;
    const scope = {
      deadlineAt: undefined,
      traceparent: traceparent || undefined,
      principal: undefined,
      attempt: 0,
      signal,
    };
    const message = type.decode(payload);
    const received = { id, type, message, key, occurredAt: occurredAt?.getTime() ?? 0, correlationId };
    await runInScope(scope, () => this.parts.handler.handle(received, transaction));
  }

  private async forget(): Promise<void> {
    const { clock, handler, inbox } = this.parts;
    if (clock.monotonic() - this.forgottenAt < FORGET_EVERY_MS) return;
    this.forgottenAt = clock.monotonic();
    await inbox.forget(handler.name, KEPT_MS);
  }
}
