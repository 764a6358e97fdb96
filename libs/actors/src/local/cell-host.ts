import type { Clock, Random, Scheduler } from '@rookery/runtime';
import type { ActorContext, ActorRecipe, AnswerIn, AskOptions, Sender, Surroundings } from './actor.js';
import type { ActorObserver } from './actor-observer.port.js';
import type { Carrier } from './carrier.port.js';
import type { DeadLetterReason } from './dead-letter.js';
import type { EventStream } from './event-stream.js';
import type { RejectedReason, TerminatedReason } from './lifecycle-messages.js';
import type { MessageHeaders } from './message-headers.js';
import type { AnyPid, Pid } from './pid.js';
import type { Parent } from './process.js';
import type { RunQueue } from './run-queue.js';
import type { SystemMessage } from './system-messages.js';

/** An actor that sends: its own middleware has a say. */
export interface SendingActor {
  readonly recipe: ActorRecipe;
  readonly context: ActorContext;
  /** Of its message at hand; undefined: there is none. */
  readonly headers: MessageHeaders | undefined;
  /** Its middleware around `CellHost.sendDirectly`. */
  readonly sendThrough: Sender;
}

/** An actor that spawns. */
export interface SpawningActor extends SendingActor, Parent {
  readonly pid: Pid;
  /** False when it is ending, or being made again. */
  readonly maySpawn: boolean;
}

/** What an actor's cell has around it: the inside of its actor system. */
export interface CellHost {
  readonly system: Surroundings;
  readonly clock: Clock;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly events: EventStream;
  readonly observer: ActorObserver;
  readonly runQueue: RunQueue;
  readonly carrier: Carrier | undefined;
  /** Whom an answer to nobody goes to. */
  readonly nobody: Pid;
  /** Innermost of all sender middleware. */
  readonly sendDirectly: Sender;

  /** From now on the message is as good as sent: nobody changes it, where that is watched. */
  seal(message: unknown): void;
  /** Through the middleware of `from`, or of the root. */
  send(
    from: SendingActor | undefined,
    target: AnyPid,
    message: unknown,
    sender: Pid | undefined,
    headers: MessageHeaders | undefined,
  ): void;
  /** Past all middleware: what the runtime itself tells. */
  deliver(target: AnyPid, message: unknown, sender: Pid | undefined, headers: MessageHeaders | undefined): void;
  ask<M, const Q extends M>(
    from: SendingActor | undefined,
    target: Pid<M>,
    message: Q,
    options?: AskOptions,
  ): Promise<AnswerIn<M, Q>>;
  postSystem(target: AnyPid, message: SystemMessage): void;
  stop(target: AnyPid): void;
  poison(target: AnyPid): void;
  spawn<M>(parent: SpawningActor, recipe: ActorRecipe<M>, name: string | undefined, prefix: string): Pid<M>;

  tellEnded(watcher: AnyPid, who: AnyPid, reason: TerminatedReason): void;
  /** Word to a sender whose message a full mailbox refused. */
  tellRejected(sender: Pid | undefined, target: AnyPid, message: unknown, reason?: RejectedReason): void;
  /** Word to an asker whose question made the actor throw. */
  tellFailed(sender: Pid | undefined, target: AnyPid, error: unknown): void;
  /** Word to an asker whose question ends with the actor that had taken it. */
  tellStopped(sender: Pid | undefined, target: AnyPid): void;
  deadLetter(
    target: AnyPid,
    message: unknown,
    sender: Pid | undefined,
    reason: DeadLetterReason,
    detail?: string,
  ): void;
  /** User code threw where no supervisor could help. */
  reportError(pid: AnyPid, error: unknown, message: unknown): void;
  /** An actor failed; its supervisor will decide. */
  reportFailure(pid: AnyPid, error: unknown, message: unknown): void;
  /** The actor's name is free again. */
  forget(pid: AnyPid): void;
}
