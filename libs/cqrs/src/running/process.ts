import type { Command, DomainEvent, ProcessManager, Step, StepCall } from '@rookery/eventsourcing';

/** A provider that extends this is run, by one instance of the service: all processes of its manager's kind. */
export abstract class Process<
  S = unknown,
  I extends Command = Command,
  E extends DomainEvent = DomainEvent,
  P extends Step = Step,
> {
  abstract readonly manager: ProcessManager<S, I, E, P>;

  /** Carries a step out, and says what became of it; what it throws brings the step again. See `StepHandler`. */
  abstract perform(step: P, call: StepCall): Promise<I>;
}
