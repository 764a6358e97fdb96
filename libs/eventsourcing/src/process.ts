import type { Command, EventSource, Upcasters } from './aggregate.js';
import type { DomainEvent, EventMetadata, RecordedEvent } from './event.js';

/** Something to be done outside of the process: plain data. */
export interface Step {
  /** One name for each thing that a process does, such as `reserve:tea`: the same name at the same state is the same step. */
  readonly name: string;
}

/** Which process an event concerns, and what it says to it. */
export interface RoutedInput<I extends Command> {
  readonly id: string;
  readonly input: I;
}

/**
 * Reacts to events with steps, and to what becomes of those with further steps, until there is nothing left to do. Pure
 * functions over plain data, like an aggregate; its events are its memory, in a stream of its own.
 *
 * @typeParam I what it can be told: events of others, and the outcomes of its steps
 */
export interface ProcessManager<S, I extends Command, E extends DomainEvent, P extends Step> {
  /** The category of its streams: a lower-case word, for ever. */
  readonly name: string;
  readonly upcasters?: Upcasters;
  initialState(): S;
  /** The events that an input leads to; none, when it says nothing new. */
  decide(state: S, input: I): readonly E[];
  evolve(state: S, event: E): S;
  /** What is to be done in this state; undefined when the process waits for an event, or is over. */
  next(state: S): P | undefined;
  /** The aggregates whose events can concern it. */
  readonly sources: readonly EventSource[];
  route(event: RecordedEvent): RoutedInput<I> | undefined;
}

/** A step on its way. */
export interface StepCall {
  /**
   * Names the step for whoever carries it out: of the process, the event that it follows from, and its name. Each attempt has
   * the same, so that what it does is done once.
   */
  readonly commandId: string;
  /** Attempts before this one. */
  readonly attempts: number;
  readonly processId: string;
  /** Of the event of the process that the step follows from: its trace and correlation are those of what led to it. */
  readonly cause: EventMetadata;
  /** Aborted when this process is not to run steps any longer. */
  readonly signal: AbortSignal;
}

/**
 * Carries a step out, and says what became of it. What it throws means that nobody knows yet: it is tried again, with
 * growing pauses and without an end.
 */
export type StepHandler<P extends Step, I extends Command> = (step: P, call: StepCall) => Promise<I>;
