import type { actors } from '@rookery/contracts/messages';
import { DomainError } from '@rookery/runtime';
import type { ActorContext, ActorRecipe, AnyRecipe, Received } from '../local/actor.js';
import { NameTakenError } from '../local/errors.js';
import { type Pid, pidByName } from '../local/pid.js';
import { Props } from '../local/props.js';
import type { SystemCore } from '../local/system-core.js';
import { toDomainError, toFailure } from './failure.mapper.js';
import { fromPid, toPid } from './pid.mapper.js';

export interface SpawnOptions {
  /** At most one of the two; with neither the name is generated. */
  readonly name?: string;
  readonly prefix?: string;
  /** How long to wait for the answer. Default 5000. */
  readonly timeoutMs?: number;
}

type Question =
  ({ readonly type: '$SpawnActor' } & actors.SpawnActor) | ({ readonly type: '$FindActor' } & actors.FindActor);

const NAME = 'remote';
const ID = `$${NAME}`;

/** Starts and finds actors for other processes, and asks others to. */
export class RemoteSpawner {
  constructor(
    private readonly core: SystemCore,
    private readonly kinds: Readonly<Record<string, AnyRecipe>>,
  ) {}

  /** From now on others are served. */
  start(): void {
    const receive = (message: Received<Question>, context: ActorContext<Question>): void =>
      this.serve(message, context);
    this.core.spawnOwn(Props.fromFunction(receive) as unknown as ActorRecipe, NAME);
  }

  async find(address: string, id: string, timeoutMs?: number): Promise<Pid | undefined> {
    const answer = await this.ask<actors.FoundActor>(address, { type: '$FindActor', id }, timeoutMs);
    return answer.pid === undefined ? undefined : toPid(answer.pid);
  }

  async spawn(address: string, kind: string, options: SpawnOptions = {}): Promise<Pid> {
    const { name = '', prefix = '', timeoutMs } = options;
    const question = { type: '$SpawnActor', kind, name, prefix } as const;
    const { failure, pid } = await this.ask<actors.SpawnedActor>(address, question, timeoutMs);
    const error = failure === undefined ? undefined : toDomainError(failure);
    if (error?.code === 'NAME_TAKEN' && pid !== undefined) throw new NameTakenError(pid.id, toPid(pid));
    if (error !== undefined) throw error;
    if (pid === undefined) throw new DomainError('SPAWN_FAILED', `${kind} could not be started`, { kind: 'internal' });
    return toPid(pid);
  }

  private ask<A>(address: string, question: Question, timeoutMs: number | undefined): Promise<A> {
    const options = timeoutMs === undefined ? {} : { timeoutMs };
    return this.core.ask(undefined, pidByName(address, ID), question, options) as Promise<A>;
  }

  private serve(message: Received<Question>, context: ActorContext<Question>): void {
    if (message.type === '$FindActor') {
      const found = context.system.find(message.id);
      context.reply({ type: '$FoundActor', pid: found === undefined ? undefined : fromPid(found) });
    } else if (message.type === '$SpawnActor') {
      context.reply({ type: '$SpawnedActor', ...this.started(message, context) });
    }
  }

  /** At the root, so that its end is nobody's but its own. */
  private started({ kind, name, prefix }: actors.SpawnActor, { system }: ActorContext<Question>): actors.SpawnedActor {
    const found = Object.hasOwn(this.kinds, kind) ? this.kinds[kind] : undefined;
    // What it is sent is of its protocol: that is the sender's promise.
    const recipe = found as ActorRecipe | undefined;
    try {
      if (recipe === undefined) throw unknownKind(kind, this.core.book.address);
      const pid =
        name !== ''
          ? system.spawnNamed(recipe, name)
          : prefix !== ''
            ? system.spawnPrefixed(recipe, prefix)
            : system.spawn(recipe);
      return { pid: fromPid(pid), failure: undefined };
    } catch (error) {
      const existing = error instanceof NameTakenError ? fromPid(error.existing) : undefined;
      return { pid: existing, failure: toFailure(error) };
    }
  }
}

function unknownKind(kind: string, address: string): DomainError {
  return new DomainError('KIND_UNKNOWN', `${address} offers no actors of the kind ${kind}`, { kind: 'not-found' });
}
