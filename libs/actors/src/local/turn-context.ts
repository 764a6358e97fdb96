import { type Cancellable, DomainError } from '@rookery/runtime';
import type {
  ActorContext,
  ActorRecipe,
  AnswerIn,
  AskOptions,
  Receive,
  ReceiveTimeoutOptions,
  Surroundings,
} from './actor.js';
import type { CellParts } from './cell-parts.js';
import type { CellHost, SpawningActor } from './cell-host.js';
import type { EventType } from './event-stream.js';
import { watchByName } from './errors.js';
import { isFarewell } from './lifecycle-messages.js';
import { type MessageHeaders, NO_HEADERS } from './message-headers.js';
import { ANY_INCARNATION, type AnyPid, type Pid } from './pid.js';
import type { Child, Parent } from './process.js';
import { Continuation, type Reentry, WithHeaders } from './queue-items.js';
import type { Timers } from './timers.js';

/** An actor's cell, as far as its context needs it. */
export interface ContextCell extends SpawningActor {
  readonly host: CellHost;
  readonly parent: Parent;
  readonly childSet: ReadonlySet<Child>;
  readonly message: unknown;
  readonly sender: Pid | undefined;
  readonly restarts: number;
  readonly parts: CellParts;
  readonly endSignal: AbortSignal;
  readonly hasEnded: boolean;
  postContinuation(item: Continuation): void;
  unstashAll(): void;
}

/** An actor's hold on its cell. The cell is private to it: whoever gets hold of a context gets no instance and no queue. */
export class TurnContext implements ActorContext {
  readonly #cell: ContextCell;

  constructor(cell: ContextCell) {
    this.#cell = cell;
  }

  get system(): Surroundings {
    return this.#cell.host.system;
  }

  get self(): Pid {
    return this.#cell.pid;
  }

  get parent(): AnyPid | undefined {
    return this.#cell.parent.pid;
  }

  get children(): readonly AnyPid[] {
    return Array.from(this.#cell.childSet, ({ pid }) => pid);
  }

  get message(): unknown {
    return this.#cell.message;
  }

  get headers(): MessageHeaders {
    return this.#cell.headers ?? NO_HEADERS;
  }

  get sender(): Pid | undefined {
    return this.#cell.sender;
  }

  get restarts(): number {
    return this.#cell.restarts;
  }

  get timers(): Timers {
    return this.#cell.parts.timers;
  }

  get signal(): AbortSignal {
    return this.#cell.endSignal;
  }

  tell<M>(target: Pid<M>, message: M, headers?: MessageHeaders): void {
    const { host, pid } = this.#cell;
    host.send(this.#cell, target, message, pid, headers);
  }

  ask<M, const Q extends M>(target: Pid<M>, message: Q, options?: AskOptions): Promise<AnswerIn<M, Q>> {
    return this.#cell.host.ask(this.#cell, target, message, options);
  }

  reply(message: unknown): void {
    const { host, pid, sender } = this.#cell;
    if (sender === undefined) host.deadLetter(host.nobody, message, pid, 'no-sender');
    else host.send(this.#cell, sender, message, pid, undefined);
  }

  forward(target: Pid, ...given: readonly [message?: unknown]): void {
    const { headers, host, message, sender } = this.#atHand('forward');
    host.send(this.#cell, target, given.length === 0 ? message : given[0], sender, headers);
  }

  stop(target: AnyPid = this.self): void {
    this.#cell.host.stop(target);
  }

  poison(target: AnyPid): void {
    this.#cell.host.poison(target);
  }

  spawn<M>(recipe: ActorRecipe<M>): Pid<M> {
    return this.#cell.host.spawn(this.#cell, recipe, undefined, '');
  }

  spawnNamed<M>(recipe: ActorRecipe<M>, name: string): Pid<M> {
    return this.#cell.host.spawn(this.#cell, recipe, name, '');
  }

  spawnPrefixed<M>(recipe: ActorRecipe<M>, prefix: string): Pid<M> {
    return this.#cell.host.spawn(this.#cell, recipe, undefined, prefix);
  }

  watch(target: AnyPid): void {
    const { hasEnded, host, parts, pid } = this.#cell;
    if (pid.equals(target)) {
      throw new DomainError('WATCH_SELF', `${pid.id} cannot watch itself`, { kind: 'invalid-argument' });
    }
    if (target.incarnation === ANY_INCARNATION) throw watchByName(target);
    if (!hasEnded && parts.watches.addWatchee(target)) host.postSystem(target, { kind: 'watch', watcher: pid });
  }

  unwatch(target: AnyPid): void {
    const { host, parts, pid } = this.#cell;
    if (parts.watches.removeWatchee(target)) host.postSystem(target, { kind: 'unwatch', watcher: pid });
  }

  subscribe(type: EventType<unknown>): Cancellable {
    const { host, parts, pid } = this.#cell;
    const subscription = host.events.subscribe(type, (event) => host.deliver(pid, event, undefined, undefined));
    parts.addSubscription(subscription);
    return subscription;
  }

  become(receive: Receive): void {
    this.#cell.parts.behaviours = [receive];
  }

  becomeStacked(receive: Receive): void {
    this.#cell.parts.behaviours.push(receive);
  }

  unbecome(): void {
    this.#cell.parts.behaviours.pop();
  }

  stash(): void {
    const { headers, message, parts, sender } = this.#atHand('stash');
    if (isFarewell(message)) return;
    parts.stashOnce(headers === NO_HEADERS ? message : new WithHeaders(message, headers), sender);
  }

  unstashAll(): void {
    this.#cell.unstashAll();
  }

  setReceiveTimeout(timeoutMs: number, options: ReceiveTimeoutOptions = {}): void {
    this.#cell.parts.setReceiveTimeout(timeoutMs, options.ignores);
  }

  reenterAfter<T>(promise: PromiseLike<T>, then: (outcome: PromiseSettledResult<T>) => void | PromiseLike<void>): void {
    const cell = this.#cell;
    const { message, parts, sender } = cell;
    const reentry: Reentry = { message, sender, headers: this.headers, turn: parts.turn };
    parts.reentries.add(reentry);
    const goOn = (outcome: PromiseSettledResult<T>): void =>
      cell.postContinuation(new Continuation(reentry, () => then(outcome)));
    // A promise of its own, because what only looks like one may throw instead.
    Promise.resolve(promise).then(
      (value) => goOn({ status: 'fulfilled', value }),
      (reason: unknown) => goOn({ status: 'rejected', reason }),
    );
  }

  #atHand(what: string): ContextCell & { readonly headers: MessageHeaders } {
    const cell = this.#cell;
    if (hasMessage(cell)) return cell;
    throw new DomainError('NO_MESSAGE', `${cell.pid.id} has no message at hand to ${what}`);
  }
}

function hasMessage(cell: ContextCell): cell is ContextCell & { readonly headers: MessageHeaders } {
  return cell.headers !== undefined;
}
