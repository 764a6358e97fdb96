import { AsyncLocalStorage } from 'node:async_hooks';
import type { Command, CommandKey, CommandRequest } from '@rookery/eventsourcing';
import type { AnyAggregate, AnyHost } from './any-aggregate.js';

/** What a call says of the commands that are executed for it. */
export type CallFacts = Omit<CommandRequest<Command>, 'command'>;

/**
 * Who a command is from that the service names by itself. Command ids are scoped by principal, so that a caller who happens to
 * use such a name for a call does not stand in the way.
 */
const SERVICE_ITSELF = 'service:self';

/** A call of a grain that hosts an aggregate, as the handlers see it that work for it. */
export class CommandScope {
  private executed = 0;

  constructor(
    private readonly aggregate: AnyAggregate,
    private readonly identity: string,
    private readonly host: AnyHost,
    private readonly facts: CallFacts,
  ) {}

  /** The call itself, by which its caller may ask again. */
  get call(): CommandKey {
    return this.facts;
  }

  get deadlineAt(): number {
    return this.facts.deadlineAt;
  }

  /** Throws a TypeError when the call is not for that aggregate: another one is called by its own grain. */
  hostOf(aggregate: AnyAggregate, id: string): AnyHost {
    if (aggregate === this.aggregate && id === this.identity) return this.host;
    throw notHosted(aggregate, id);
  }

  /**
   * A call may execute several commands of its aggregate; each has an id of its own, and a repeat of the call has the same. One
   * that has a name already is the same command in whatever call, and outlives the deadline of this one.
   */
  request(command: Command, name?: string): CommandRequest<Command> {
    if (name !== undefined) {
      const own = { commandId: name, principal: SERVICE_ITSELF, requestHash: '', deadlineAt: Infinity };
      return { ...this.facts, ...own, command };
    }
    const nth = ++this.executed;
    const { commandId } = this.facts;
    return { ...this.facts, command, commandId: nth === 1 ? commandId : `${commandId}#${nth}` };
  }
}

const scopes = new AsyncLocalStorage<CommandScope>();

export function runInCommandScope<T>(scope: CommandScope, code: () => T): T {
  return scopes.run(scope, code);
}

export function commandScopeOf(aggregate: AnyAggregate, id: string): CommandScope {
  const scope = scopes.getStore();
  if (scope === undefined) throw notHosted(aggregate, id);
  return scope;
}

function notHosted({ name }: AnyAggregate, id: string): TypeError {
  return new TypeError(`the call at hand is not one of the grain that hosts ${name} ${id}: call that grain`);
}
