import { Injectable } from '@nestjs/common';
import { type Aggregate, type Command, type DomainEvent, EventStore, LogTail } from '@rookery/eventsourcing';
import { currentScope } from '@rookery/rpc';
import { Clock, Scheduler } from '@rookery/runtime';
import { Drain } from '@rookery/service-kit';
import type { AnyAggregate } from './hosting/any-aggregate.js';

/** What becomes of the aggregates of this service, at any of its instances, wherever their grains are. */
@Injectable()
export class AggregateChanges {
  /** By the name of the aggregate. */
  private readonly tails = new Map<string, LogTail<unknown, Command, DomainEvent>>();
  private isEnding = false;

  constructor(
    private readonly store: EventStore,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    drain: Drain,
  ) {
    const handOver = async (): Promise<void> => {
      this.isEnding = true;
      for (const tail of this.tails.values()) tail.end();
    };
    drain.add({ name: 'watched aggregates', handOver });
  }

  /** The aggregate's state, and the one after each of its events from then on. As `LogTail.watch`, by the deadline of the call at hand. */
  async *watch<S, C extends Command, E extends DomainEvent>(
    aggregate: Aggregate<S, C, E>,
    id: string,
    signal: AbortSignal,
  ): AsyncGenerator<S, void> {
    const deadlineAt = currentScope()?.deadlineAt;
    for await (const { state } of this.tailOf(aggregate).watch(id, signal, deadlineAt)) yield state as S;
  }

  private tailOf(aggregate: AnyAggregate): LogTail<unknown, Command, DomainEvent> {
    const { clock, scheduler, store } = this;
    const known = this.tails.get(aggregate.name);
    if (known !== undefined) return known;
    const tail = new LogTail({ aggregate, store, clock, scheduler });
    this.tails.set(aggregate.name, tail);
    if (this.isEnding) tail.end();
    return tail;
  }
}
