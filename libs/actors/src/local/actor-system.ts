import type { Cancellable, Clock, Random, Scheduler } from '@rookery/runtime';
import type { ActorRecipe, AnswerIn, AskOptions, Surroundings } from './actor.js';
import { ActorLog, SilentActorLog } from './actor-log.port.js';
import { ActorObserver, SilentActorObserver } from './actor-observer.port.js';
import type { ActorTree, TreeOptions } from './actor-tree.js';
import type { Carrier } from './carrier.port.js';
import type { EventStream } from './event-stream.js';
import type { MessageHeaders } from './message-headers.js';
import type { RootMiddleware } from './middleware.js';
import type { AnyPid, Pid } from './pid.js';
import type { DispatchBudget } from './run-queue.js';
import { oneForOne } from './strategies.js';
import type { SupervisionStrategy } from './supervision.js';
import { SystemCore } from './system-core.js';
import type { ActorWork } from './work-tally.js';

export interface ActorSystemOptions {
  /** Names this process in Pids. Default `local`, for a system that speaks to no other. */
  readonly address?: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly log?: ActorLog;
  readonly observer?: ActorObserver;
  readonly budget?: DispatchBudget;
  /** The rule for actors at the root. Default: one for one, 10 restarts in 10 s. */
  readonly guardianStrategy?: SupervisionStrategy;
  /** Freezes each message that is sent, so that a sender that goes on changing it is found. For tests and development. */
  readonly freezesMessages?: boolean;
  /** Around what is sent and spawned outside of actors; actors have their own, by their props. */
  readonly middleware?: RootMiddleware;
  /** What travels beside messages by itself. */
  readonly carrier?: Carrier;
}

const STOP_TIMEOUT_MS = 10_000;

let read: (system: ActorSystem) => SystemCore;

/** The actors of one process. What it does as a `Sending` and `Spawning` is done from outside: at the root, without a sender. */
export class ActorSystem implements Surroundings {
  readonly #core: SystemCore;

  static {
    read = (system) => system.#core;
  }

  constructor(options: ActorSystemOptions) {
    this.#core = new SystemCore(this, {
      address: 'local',
      log: new SilentActorLog(),
      observer: new SilentActorObserver(),
      budget: {},
      guardianStrategy: oneForOne(),
      freezesMessages: false,
      middleware: {},
      carrier: undefined,
      ...options,
    });
  }

  get address(): string {
    return this.#core.book.address;
  }

  /** Dead letters, supervision events and whatever else is published here. */
  get events(): EventStream {
    return this.#core.events;
  }

  /** What the actors have done so far. */
  get work(): ActorWork {
    return this.#core.runQueue.work;
  }

  tell<M>(target: Pid<M>, message: M, headers?: MessageHeaders): void {
    this.#core.send(undefined, target, message, undefined, headers);
  }

  ask<M, const Q extends M>(target: Pid<M>, message: Q, options?: AskOptions): Promise<AnswerIn<M, Q>> {
    return this.#core.ask(undefined, target, message, options);
  }

  stop(target: AnyPid): void {
    this.#core.stop(target);
  }

  poison(target: AnyPid): void {
    this.#core.poison(target);
  }

  /**
   * Resolves when the actor has ended, at once when it is not there. Rejects with STOP_TIMEOUT; it ends all the same. Rejects
   * with WATCH_BY_NAME for a name in another process, and ends nobody.
   */
  async stopAndWait(target: AnyPid, timeoutMs = STOP_TIMEOUT_MS): Promise<void> {
    const end = this.#core.untilEnd(target, timeoutMs);
    this.#core.stop(target);
    return end;
  }

  /** As `stopAndWait`, behind what is in the mailbox. */
  async poisonAndWait(target: AnyPid, timeoutMs = STOP_TIMEOUT_MS): Promise<void> {
    const end = this.#core.untilEnd(target, timeoutMs);
    this.#core.poison(target);
    return end;
  }

  spawn<M>(recipe: ActorRecipe<M>): Pid<M> {
    return this.#core.spawn(undefined, recipe, undefined, '');
  }

  spawnNamed<M>(recipe: ActorRecipe<M>, name: string): Pid<M> {
    return this.#core.spawn(undefined, recipe, name, '');
  }

  spawnPrefixed<M>(recipe: ActorRecipe<M>, prefix: string): Pid<M> {
    return this.#core.spawn(undefined, recipe, undefined, prefix);
  }

  /** The actor of that path, such as `cart/$1`, if it is there now. */
  find(id: string): Pid | undefined {
    return this.#core.book.cells.get(id)?.pid;
  }

  get nobody(): Pid {
    return this.#core.nobody;
  }

  backlogOf(target: AnyPid): number {
    return this.#core.book.processOf(target).backlog;
  }

  /** Tells `message` after `delayMs`, unless it is cancelled. */
  tellAfter<M>(delayMs: number, target: Pid<M>, message: M): Cancellable {
    this.#core.seal(message);
    return this.#core.timers.after(delayMs, () => this.tell(target, message));
  }

  /** Tells `message` every `periodMs`, until it is cancelled. */
  tellEvery<M>(periodMs: number, target: Pid<M>, message: M): Cancellable {
    this.#core.seal(message);
    return this.#core.timers.every(periodMs, () => this.tell(target, message));
  }

  /** The actors that are there now, as plain data. It costs by what is shown, not by how many there are. */
  tree(options: TreeOptions = {}): ActorTree {
    return this.#core.tree(options);
  }

  /**
   * Stops all actors, children before their parents; spawns at the root are refused from now on. Afterwards no ask is open and
   * nothing is scheduled. Rejects with STOP_TIMEOUT, which names them, when some actors take longer: those are given up, so
   * that what they are waiting for can no longer do anything here.
   */
  shutdown(timeoutMs = STOP_TIMEOUT_MS): Promise<void> {
    return this.#core.shutdown(timeoutMs);
  }
}

/** Of this library alone: what the outer rings build on. */
export function coreOf(system: ActorSystem): SystemCore {
  return read(system);
}
