import type { Clock, Scheduler } from '@rookery/runtime';
import type { Aggregate, Command } from '../aggregate.js';
import { type DomainEvent, eventIdOf, type EventMetadata, type RecordedEvent } from '../event.js';
import type { EventStore } from '../event-store.port.js';
import { AggregateHost } from '../host/aggregate-host.js';
import { FenceLostError } from '../host/host-errors.js';
import type { LoadedState } from '../host/loaded-state.js';
import type { ProcessManager, RoutedInput, Step } from '../process.js';
import { streamOf } from '../stream.js';

export interface ProcessHostsParts<S, I extends Command, E extends DomainEvent, P extends Step> {
  readonly manager: ProcessManager<S, I, E, P>;
  readonly store: EventStore;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly report: (error: unknown) => void;
}

/** How long an append of a process is waited for. */
const PATIENCE_MS = 30_000;

/** The processes in memory: those that have something to do. Each is an aggregate whose commands are what it is told. */
export class ProcessHosts<S, I extends Command, E extends DomainEvent, P extends Step> {
  private readonly hosts = new Map<string, AggregateHost<S, I, E, null>>();
  private readonly aggregate: Aggregate<S, I, E, null>;

  constructor(private readonly parts: ProcessHostsParts<S, I, E, P>) {
    const { manager } = parts;
    this.aggregate = {
      name: manager.name,
      initialState: () => manager.initialState(),
      decide: (state, input) => manager.decide(state, input),
      evolve: (state, event) => manager.evolve(state, event),
      answer: () => null,
      ...(manager.upcasters === undefined ? {} : { upcasters: manager.upcasters }),
    };
  }

  streamOf(id: string): string {
    return streamOf(this.parts.manager.name, id);
  }

  read(id: string): Promise<LoadedState<S>> {
    return this.using(id, (host) => host.read());
  }

  /** Says what an event means for a process; once, however often it is said. */
  async tell({ id, input }: RoutedInput<I>, event: RecordedEvent): Promise<void> {
    const causationId = eventIdOf(event);
    await this.using(id, (host) => host.execute(this.request(causationId, input, { ...event.metadata, causationId })));
  }

  /** Notes what came of a step that was to be done at that version, as a part of what led to the step. */
  async note(id: string, commandId: string, outcome: I, { metadata, version }: LoadedState<S>): Promise<void> {
    const followed = { ...metadata, causationId: commandId };
    await this.using(id, (host) => host.execute(this.request(commandId, outcome, followed)));
    if ((await this.read(id)).version > version) return;
    throw new Error(`${commandId}: its outcome ${outcome.type} changes nothing, so that it would be done for ever`);
  }

  forget(id: string): void {
    this.hosts.delete(id);
  }

  forgetAll(): void {
    this.hosts.clear();
  }

  private request(commandId: string, command: I, metadata: EventMetadata) {
    const deadlineAt = this.parts.clock.monotonic() + PATIENCE_MS;
    // The id alone says which input it is: another outcome of the same step is not another step.
    return { commandId, principal: this.parts.manager.name, requestHash: '', command, metadata, deadlineAt };
  }

  private async using<T>(id: string, use: (host: AggregateHost<S, I, E, null>) => Promise<T>): Promise<T> {
    const host = this.hosts.get(id) ?? this.open(id);
    try {
      return await use(host);
    } catch (error) {
      // Another runner is at it; whoever goes on here loads what it wrote.
      if (error instanceof FenceLostError) this.hosts.delete(id);
      throw error;
    }
  }

  private open(id: string): AggregateHost<S, I, E, null> {
    const { clock, report, scheduler, store } = this.parts;
    const { aggregate } = this;
    const host = new AggregateHost({ aggregate, stream: this.streamOf(id), store, clock, scheduler, report });
    this.hosts.set(id, host);
    return host;
  }
}
