import type { Cancellable } from '@rookery/runtime';
import type { ActorTree, TreeOptions } from './actor-tree.js';
import type { EventStream, EventType } from './event-stream.js';
import type { Immutable } from './immutable.js';
import type { LifecycleMessage } from './lifecycle-messages.js';
import type { Mailbox } from './mailbox.js';
import type { MessageHeaders } from './message-headers.js';
import type { AnyPid, Pid } from './pid.js';
import type { Directive, Failure, SupervisionStrategy } from './supervision.js';
import type { Timers } from './timers.js';

/** What an actor hears: its protocol, readonly, and its runtime. */
export type Received<M> = Immutable<M> | LifecycleMessage;

/**
 * State and behaviour behind a mailbox. `receive` gets one message at a time: the next one waits until it has returned and,
 * where it returned a promise, until that has settled. What it throws goes to the supervisor.
 */
export interface Actor<M = unknown> {
  receive(message: Received<M>, context: ActorContext<M>): void | PromiseLike<void>;

  /** Decides about a failed child in place of the strategy's own decider; undefined leaves it to that. */
  decide?(failure: Failure): Directive | undefined;
}

/** How a message is handled. */
export type Receive<M = unknown> = Actor<M>['receive'];

/** A message that is answered; `R` is what the answer looks like. Phantom: no message carries the field. */
export interface Request<R> {
  readonly [answer]?: R;
}

declare const answer: unique symbol;

/** What an answer to `M` looks like, readonly as all messages; unknown where `M` does not say. */
export type AnswerTo<M> = M extends Request<infer R> ? Immutable<R> : unknown;

/** What an answer to the question `Q` of the protocol `M` looks like. */
export type AnswerIn<M, Q> = unknown extends M
  ? AnswerTo<Q>
  : M extends unknown
    ? Q extends M
      ? AnswerTo<M>
      : never
    : never;

export interface AskOptions {
  /** How long the answer is worth waiting for. Default 5000. */
  readonly timeoutMs?: number;
  readonly headers?: MessageHeaders;
}

/** What can be sent, from inside an actor and from outside. */
export interface Sending {
  /** Sends without waiting; what cannot be delivered becomes a dead letter. Throws only what sender middleware throws. */
  tell<M>(target: Pid<M>, message: M, headers?: MessageHeaders): void;

  /**
   * Sends and waits for the first answer. Rejects with a DomainError: ASK_TIMEOUT; TARGET_NOT_FOUND or TARGET_STOPPED, at
   * once, when nobody is there, or when the target ends with the message in its mailbox, its stash or a continuation;
   * TARGET_FAILED when it threw while it handled the message (a DomainError that it threw comes as it is); MAILBOX_FULL;
   * SYSTEM_STOPPED. A target that has taken the message may answer after its end, by whomever it gave the sender to, so that
   * only the deadline ends such an ask. An actor that awaits an ask takes no other message meanwhile; `reenterAfter` is the
   * way to go on.
   */
  ask<M, const Q extends M>(target: Pid<M>, message: Q, options?: AskOptions): Promise<AnswerIn<M, Q>>;

  /** Ends an actor ahead of what waits in its mailbox; its children end first. */
  stop(target: AnyPid): void;

  /** Ends an actor when it has handled what is in its mailbox now. */
  poison(target: AnyPid): void;
}

/** What can be spawned, from inside an actor (its children) and from outside (at the root). */
export interface Spawning {
  /** Starts an actor under a generated name. */
  spawn<M>(props: ActorRecipe<M>): Pid<M>;

  /** Starts an actor under a name. Throws NameTakenError, which carries the Pid that has the name. */
  spawnNamed<M>(props: ActorRecipe<M>, name: string): Pid<M>;

  /** Starts an actor under `prefix` and a generated rest. */
  spawnPrefixed<M>(props: ActorRecipe<M>, prefix: string): Pid<M>;
}

/** The actor system, as an actor sees it. */
export interface Surroundings extends Sending, Spawning {
  /** Names this process in Pids. */
  readonly address: string;
  /** Dead letters, supervision events and whatever else is published here. */
  readonly events: EventStream;
  /** The actor of that path, such as `cart/$1`, if it is there now. */
  find(id: string): Pid | undefined;
  /** What is sent here becomes a dead letter. */
  readonly nobody: Pid;
  /** Messages that wait for an actor of this process; 0 for others. */
  backlogOf(target: AnyPid): number;
  /** The actors that are there now. */
  tree(options?: TreeOptions): ActorTree;
}

/**
 * An actor's view of its surroundings and of the message at hand. Belongs to the actor's turn: `message`, `sender` and what
 * depends on them mean the message that is being handled, up to the end of the handler's promise.
 */
export interface ActorContext<M = unknown> extends Sending, Spawning {
  readonly system: Surroundings;
  readonly self: Pid<M>;
  /** Undefined for an actor at the root. */
  readonly parent: AnyPid | undefined;
  readonly children: readonly AnyPid[];
  /** The message at hand. */
  readonly message: unknown;
  readonly headers: MessageHeaders;
  /** Who sent the message at hand; undefined for one from outside, and for those of the runtime. */
  readonly sender: Pid | undefined;
  /** How often the actor has been made again. */
  readonly restarts: number;
  readonly timers: Timers<M>;
  /**
   * Aborted as soon as this instance is to end or to be made again. A handler that waits for something outside hands it on,
   * as to `fetch`: the actor ends only when its handler is done.
   */
  readonly signal: AbortSignal;

  /**
   * Answers the message at hand. Without a sender, or when no message is at hand any more, the answer is a dead letter. Code
   * that answers later, outside of the handler and its promise, keeps `sender` and tells it.
   */
  reply(message: unknown): void;
  /** Passes the message at hand on, or another in its place, with its sender and headers. */
  forward<N>(target: Pid<N>, message?: N): void;
  /** Ends an actor, by default this one, after the message that it is handling and ahead of what waits. */
  stop(target?: AnyPid): void;

  /** `Terminated` will tell of the end of the actor, once, also when it has ended already. */
  watch(target: AnyPid): void;
  /** No `Terminated` will come, also if one is waiting in the mailbox. */
  unwatch(target: AnyPid): void;

  /** Tells this actor each event of the type that is published from now on, until cancelled, or it ends or is made again. */
  subscribe(type: EventType<M>): Cancellable;

  /** Replaces the behaviour by `receive`, until the next change or restart; it hears the runtime, too, up to the end of the instance. */
  become(receive: Receive<M>): void;
  /** Puts `receive` on top of the behaviour, until `unbecome`. */
  becomeStacked(receive: Receive<M>): void;
  /** Goes back to the behaviour below; does nothing at the bottom. */
  unbecome(): void;

  /**
   * Puts the message at hand aside. Throws STASH_FULL, or STASHED_TWICE for one that is there already. Does nothing with
   * `Restarting`, `Stopping` and `Stopped`, which are for this instance alone.
   */
  stash(): void;
  /** Puts what was set aside back in front of the mailbox, in its order and with its senders. */
  unstashAll(): void;

  /** `ReceiveTimeout` comes when no message has come for so long, and again after each further silence; 0 turns it off. */
  setReceiveTimeout(timeoutMs: number, options?: ReceiveTimeoutOptions): void;

  /**
   * Goes on with `then` when the promise has settled, as a turn of this actor of its own, with the message, sender and headers
   * of now. Other messages are handled meanwhile. An actor that was made again or has stopped does not go on, and who asked
   * hears of that.
   */
  reenterAfter<T>(promise: PromiseLike<T>, then: (outcome: PromiseSettledResult<T>) => void | PromiseLike<void>): void;
}

export interface ReceiveTimeoutOptions {
  /** Messages that are no sign of life. */
  readonly ignores?: (message: unknown) => boolean;
}

/** A message with what travels beside it. */
export interface Envelope {
  readonly message: unknown;
  readonly headers: MessageHeaders;
  readonly sender: Pid | undefined;
}

/** Handles a message that has come out of the mailbox. */
export type Receiver = (context: ActorContext, envelope: Envelope) => void | PromiseLike<void>;
/** Around everything that an actor receives, lifecycle messages included. What it does not pass to `next` is not handled. */
export type ReceiverMiddleware = (next: Receiver) => Receiver;

/** Sends a message. `context` is the sending actor's, undefined outside of actors. */
export type Sender = (context: ActorContext | undefined, target: AnyPid, envelope: Envelope) => void;
/** Around everything that an actor tells, asks, answers or forwards. What it does not pass to `next` is not sent. */
export type SenderMiddleware = (next: Sender) => Sender;

/** Starts an actor. `parent` is undefined at the root, and `name` where one shall be generated. */
export type Spawner = (
  parent: ActorContext | undefined,
  props: ActorRecipe<never>,
  name: string | undefined,
) => Pid<never>;
/** Around each spawn of a child. */
export type SpawnMiddleware = (next: Spawner) => Spawner;

/** How to make an actor; made by `Props`. */
export interface ActorRecipe<M = unknown> {
  readonly produce: () => Actor<M>;
  readonly mailbox: Mailbox;
  readonly strategy: SupervisionStrategy;
  readonly guardian: SupervisionStrategy | undefined;
  readonly stashCapacity: number;
  readonly receivers: readonly ReceiverMiddleware[];
  readonly senders: readonly SenderMiddleware[];
  readonly spawners: readonly SpawnMiddleware[];
}

/** How to make an actor of any protocol: to spawn it, not to send to it. */
export type AnyRecipe = Omit<ActorRecipe, 'produce'> & { readonly produce: () => AnyActor };

interface AnyActor {
  receive(message: never, context: never): void | PromiseLike<void>;
  decide?(failure: Failure): Directive | undefined;
}
