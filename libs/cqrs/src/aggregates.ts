import { Injectable } from '@nestjs/common';
import { type Aggregate, type Command, type DomainEvent, inTime, notKnownInTime } from '@rookery/eventsourcing';
import { Clock, Scheduler } from '@rookery/runtime';
import { commandScopeOf } from './hosting/command-scope.js';

export interface ExecuteOptions {
  /**
   * For what the service finds out itself, such as the answer of a neighbour, and may find out again in another call: names the
   * command by what was found. Whoever comes with it later hears the first answer; no caller's deadline keeps it from being
   * recorded.
   */
  readonly commandId?: string;
}

/** The aggregates of this service, for the handlers of commands and queries that work for a call of the grain that hosts one. */
@Injectable()
export class Aggregates {
  constructor(
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
  ) {}

  /**
   * Has the aggregate decide a command, and answers when that is durable. Rejects with the refusal, and as
   * `AggregateHost.execute` says. The call's id names the command, so that a repeat of the call hears the first answer; unless
   * `commandId` does. OUTCOME_UNKNOWN then comes from here, in time for the call: the command has more.
   */
  execute<S, C extends Command, E extends DomainEvent, A>(
    aggregate: Aggregate<S, C, E, A>,
    id: string,
    command: C,
    { commandId }: ExecuteOptions = {},
  ): Promise<A> {
    const scope = commandScopeOf(aggregate, id);
    const answer = scope.hostOf(aggregate, id).execute(scope.request(command, commandId)) as Promise<A>;
    if (commandId === undefined) return answer;
    const { clock, scheduler } = this;
    return inTime(answer, scope.deadlineAt, { clock, scheduler }, () => notKnownInTime(scope.call));
  }

  /** The aggregate's state of now: no older than the lease of its host. */
  async read<S, C extends Command, E extends DomainEvent>(aggregate: Aggregate<S, C, E>, id: string): Promise<S> {
    const scope = commandScopeOf(aggregate, id);
    const { state } = await scope.hostOf(aggregate, id).read(scope.deadlineAt);
    return state as S;
  }
}
