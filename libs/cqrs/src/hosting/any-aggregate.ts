import type { Aggregate, AggregateHost, Command, DomainEvent } from '@rookery/eventsourcing';

/** Where it does not matter of what. */
export type AnyAggregate = Aggregate<unknown, Command, DomainEvent>;
export type AnyHost = AggregateHost<unknown, Command, DomainEvent, unknown>;
