import { DomainError } from '@rookery/runtime';
import type { Aggregate, Command, StoredEvent } from '../aggregate.js';
import type { AnsweredCommand, CommandOutcome } from '../command-outcome.js';
import type { DomainEvent, EventMetadata } from '../event.js';
import type { NewEvent } from '../event-store.port.js';
import { schemaOf } from '../upcast.js';
import type { CommandRequest } from './command-request.js';
import { toRefusal } from './host-errors.js';
import type { LoadedState } from './loaded-state.js';
import type { WaitingCommand } from './waiting-command.js';

/** What some commands come to, one behind the other. */
export interface DecidedBatch<S, C extends Command> {
  readonly before: LoadedState<S>;
  readonly decided: readonly WaitingCommand<C>[];
  readonly events: readonly NewEvent[];
  readonly commands: readonly AnsweredCommand[];
  readonly after: LoadedState<S>;
  /** Those whose decision broke; the others were decided without them. */
  readonly broken: readonly { readonly command: WaitingCommand<C>; readonly error: unknown }[];
}

/** Each command is decided on the state that those before it lead to. */
export function decideBatch<S, C extends Command, E extends DomainEvent>(
  aggregate: Aggregate<S, C, E>,
  before: LoadedState<S>,
  waiting: readonly WaitingCommand<C>[],
): DecidedBatch<S, C> {
  let after = before;
  const decided: WaitingCommand<C>[] = [];
  const events: NewEvent[] = [];
  const commands: AnsweredCommand[] = [];
  const broken: { command: WaitingCommand<C>; error: unknown }[] = [];
  for (const one of waiting) {
    try {
      const made = decideOne(aggregate, after, one.request);
      commands.push(made.answered);
      events.push(...made.events);
      after = made.after;
      decided.push(one);
    } catch (error) {
      broken.push({ command: one, error });
    }
  }
  return { before, decided, events, commands, after, broken };
}

function decideOne<S, C extends Command, E extends DomainEvent>(
  aggregate: Aggregate<S, C, E>,
  before: LoadedState<S>,
  request: CommandRequest<C>,
): { readonly answered: AnsweredCommand; readonly events: readonly NewEvent[]; readonly after: LoadedState<S> } {
  const events = decisionOf(aggregate, before.state, request.command);
  if (events instanceof DomainError) {
    const answered = answeredBy(request, { refusal: toRefusal(events) }, before.version, before.version);
    return { answered, events: [], after: before };
  }
  const state = events.reduce((now, event) => aggregate.evolve(now, event), before.state);
  const version = before.version + events.length;
  const metadata: EventMetadata = {
    ...request.metadata,
    commandId: request.commandId,
    principal: request.principal,
  };
  return {
    answered: answeredBy(request, { answer: aggregate.answer(state, request.command) }, before.version, version),
    events: events.map((event) => ({
      event: { ...event } as StoredEvent,
      schema: schemaOf(aggregate.upcasters, event.type),
      metadata,
    })),
    after: { ...before, state, version, ...(events.length === 0 ? {} : { metadata }) },
  };
}

function answeredBy(
  { commandId, principal, requestHash }: CommandRequest<Command>,
  outcome: CommandOutcome,
  fromVersion: number,
  toVersion: number,
): AnsweredCommand {
  return { commandId, principal, requestHash, outcome, fromVersion, toVersion };
}

function decisionOf<S, C extends Command, E extends DomainEvent>(
  aggregate: Aggregate<S, C, E>,
  state: S,
  command: C,
): readonly E[] | DomainError {
  try {
    return aggregate.decide(state, command);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}
