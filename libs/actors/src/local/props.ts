import type { Actor, ActorRecipe, Receive, ReceiverMiddleware, SenderMiddleware, SpawnMiddleware } from './actor.js';
import { type Mailbox, unboundedMailbox } from './mailbox.js';
import { oneForOne } from './strategies.js';
import type { SupervisionStrategy } from './supervision.js';

const DEFAULT_STRATEGY = oneForOne();
const DEFAULT_STASH = 1000;

/** How to make an actor. Immutable: each `with…` gives new props, and one may be used for many spawns. */
export class Props<M = unknown> implements ActorRecipe<M> {
  readonly produce: () => Actor<M>;
  readonly mailbox: Mailbox;
  readonly strategy: SupervisionStrategy;
  readonly stashCapacity: number;
  readonly receivers: readonly ReceiverMiddleware[];
  readonly senders: readonly SenderMiddleware[];
  readonly spawners: readonly SpawnMiddleware[];
  readonly guardian: SupervisionStrategy | undefined;

  private constructor(parts: ActorRecipe<M>) {
    this.produce = parts.produce;
    this.mailbox = parts.mailbox;
    this.strategy = parts.strategy;
    this.stashCapacity = parts.stashCapacity;
    this.receivers = parts.receivers;
    this.senders = parts.senders;
    this.spawners = parts.spawners;
    this.guardian = parts.guardian;
  }

  /** `produce` makes a new instance at the start and after each restart. */
  static fromProducer<M>(produce: () => Actor<M>): Props<M> {
    return new Props({
      produce,
      mailbox: unboundedMailbox(),
      strategy: DEFAULT_STRATEGY,
      stashCapacity: DEFAULT_STASH,
      ...{ receivers: [], senders: [], spawners: [] },
      guardian: undefined,
    });
  }

  /** An actor without state of its own. */
  static fromFunction<M>(receive: Receive<M>): Props<M> {
    const actor: Actor<M> = { receive };
    return Props.fromProducer(() => actor);
  }

  /** Default: unbounded. */
  withMailbox(mailbox: Mailbox): Props<M> {
    return new Props({ ...this, mailbox });
  }

  /** The rule for the children of the actor. Default: one for one, 10 restarts in 10 s. */
  withStrategy(strategy: SupervisionStrategy): Props<M> {
    return new Props({ ...this, strategy });
  }

  /** The rule for this actor itself when it is spawned at the root. Those that share it are siblings. */
  withGuardian(guardian: SupervisionStrategy): Props<M> {
    return new Props({ ...this, guardian });
  }

  /** How many messages `context.stash` takes. Default 1000. */
  withStashCapacity(stashCapacity: number): Props<M> {
    if (!Number.isInteger(stashCapacity) || stashCapacity < 1) {
      throw new RangeError(`a stash holds at least 1 message, not ${stashCapacity}`);
    }
    return new Props({ ...this, stashCapacity });
  }

  withReceiverMiddleware(...middleware: readonly ReceiverMiddleware[]): Props<M> {
    return new Props({ ...this, receivers: [...this.receivers, ...middleware] });
  }

  withSenderMiddleware(...middleware: readonly SenderMiddleware[]): Props<M> {
    return new Props({ ...this, senders: [...this.senders, ...middleware] });
  }

  /** Around the spawns of children of the actor. */
  withSpawnMiddleware(...middleware: readonly SpawnMiddleware[]): Props<M> {
    return new Props({ ...this, spawners: [...this.spawners, ...middleware] });
  }
}
