import type { Clock, Random, Scheduler } from '@rookery/runtime';
import { DeadlineWheel } from '@rookery/resilience';
import type { ActorRecipe, AnswerIn, AskOptions, Sender, Spawner, Surroundings } from './actor.js';
import { ActorCell } from './actor-cell.js';
import type { ActorLog } from './actor-log.port.js';
import type { ActorObserver } from './actor-observer.port.js';
import { type ActorTree, treeOf, type TreeOptions } from './actor-tree.js';
import { AddressBook } from './address-book.js';
import { carried } from './carried.js';
import type { Carrier } from './carrier.port.js';
import type { CellHost, SendingActor, SpawningActor } from './cell-host.js';
import { DeadLetter, type DeadLetterReason } from './dead-letter.js';
import { endSystem } from './end-system.js';
import { DeadLetterLog, nameOf } from './dead-letter-log.js';
import { NameTakenError, spawnRefused, undeliverable, watchByName } from './errors.js';
import { EventStream } from './event-stream.js';
import { deepFreeze } from './freeze.js';
import type { Rejected, RejectedReason, TerminatedReason } from './lifecycle-messages.js';
import { type MessageHeaders, NO_HEADERS } from './message-headers.js';
import { chain, type RootMiddleware } from './middleware.js';
import { checkedName } from './names.js';
import { Nobody } from './nobody.js';
import { ASK_ID, PendingAsk } from './pending-ask.js';
import { PendingEnd } from './pending-end.js';
import { ANY_INCARNATION, type AnyPid, type Pid } from './pid.js';
import type { Process } from './process.js';
import { bare, WithHeaders } from './queue-items.js';
import { RootGuardians } from './root-guardians.js';
import { RootTimers } from './root-timers.js';
import { type DispatchBudget, RunQueue } from './run-queue.js';
import type { SupervisionStrategy } from './supervision.js';
import { STOP, type SystemMessage } from './system-messages.js';

export interface SystemParts {
  readonly address: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly log: ActorLog;
  readonly observer: ActorObserver;
  readonly budget: DispatchBudget;
  readonly guardianStrategy: SupervisionStrategy;
  readonly freezesMessages: boolean;
  readonly middleware: RootMiddleware;
  readonly carrier: Carrier | undefined;
}

const DEFAULT_ASK_MS = 5000;

/** The inside of an actor system: who is there, and how a message gets to them. */
export class SystemCore implements CellHost {
  readonly clock: Clock;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly observer: ActorObserver;
  readonly runQueue: RunQueue;
  readonly events: EventStream;
  readonly book: AddressBook;
  readonly nobody: Pid;
  /** Stands behind every Pid whose actor is not there. */
  readonly nobodyThere: Process;
  readonly deadlines: DeadlineWheel;
  readonly carrier: Carrier | undefined;
  private readonly log: ActorLog;
  readonly letters: DeadLetterLog;
  readonly guardians: RootGuardians;
  private readonly freezesMessages: boolean;
  private readonly rootSender: Sender | undefined;
  private readonly rootSpawner: Spawner | undefined;
  readonly timers: RootTimers;
  private isEnding = false;

  constructor(
    readonly system: Surroundings,
    parts: SystemParts,
  ) {
    this.clock = parts.clock;
    this.random = parts.random;
    this.scheduler = parts.scheduler;
    this.observer = parts.observer;
    this.log = parts.log;
    this.freezesMessages = parts.freezesMessages;
    this.carrier = parts.carrier;
    this.runQueue = new RunQueue(parts.clock, parts.scheduler, parts.budget);
    this.timers = new RootTimers(parts.scheduler);
    this.deadlines = new DeadlineWheel(parts.clock, parts.scheduler);
    this.letters = new DeadLetterLog(parts.log, parts.clock, parts.scheduler);
    this.guardians = new RootGuardians(this, parts.guardianStrategy);
    this.events = new EventStream((error) => this.log.warn('a subscriber to events threw', { err: error }));
    this.nobodyThere = new Nobody(this);
    this.book = new AddressBook(parts.address, this, this.nobodyThere, parts.random);
    this.nobody = this.book.newPid('$nobody');
    const { senders = [], spawners = [] } = parts.middleware;
    this.rootSender = senders.length === 0 ? undefined : chain(senders, this.sendDirectly);
    this.rootSpawner = spawners.length === 0 ? undefined : chain(spawners, this.spawnerFor(undefined));
  }

  // Sending.

  readonly sendDirectly: Sender = (_context, target, { headers, message, sender }) =>
    this.deliver(target, message, sender, headers);

  send(
    from: SendingActor | undefined,
    target: AnyPid,
    message: unknown,
    sender: Pid | undefined,
    headers: MessageHeaders | undefined,
  ): void {
    const through =
      from === undefined ? this.rootSender : from.recipe.senders.length === 0 ? undefined : from.sendThrough;
    const all = this.carrier === undefined ? headers : carried(this.carrier, from, headers);
    if (through === undefined) this.deliver(target, message, sender, all);
    else through(from?.context, target, { message, sender, headers: all ?? NO_HEADERS });
  }

  deliver(target: AnyPid, message: unknown, sender: Pid | undefined, headers: MessageHeaders | undefined): void {
    if (this.freezesMessages) [message, headers].forEach(deepFreeze);
    const isBare = headers === undefined || headers === NO_HEADERS;
    this.book.processOf(target).post(target, isBare ? message : new WithHeaders(message, headers), sender);
  }

  seal(message: unknown): void {
    if (this.freezesMessages) deepFreeze(message);
  }

  ask<M, const Q extends M>(
    from: SendingActor | undefined,
    target: Pid<M>,
    message: Q,
    { headers, timeoutMs = DEFAULT_ASK_MS }: AskOptions = {},
  ): Promise<AnswerIn<M, Q>> {
    if (!(timeoutMs >= 0)) return Promise.reject(new RangeError(`an ask waits at least 0 ms, not ${timeoutMs}`));
    const ask = new PendingAsk(this, this, this.book.newPid(ASK_ID), target, timeoutMs);
    this.book.addAsk(ask);
    try {
      this.send(from, target, message, ask.pid, headers);
    } catch (error) {
      ask.fail(error);
    }
    return ask.promise as Promise<AnswerIn<M, Q>>;
  }

  /** Ends those of the asks that wait for an answer which cannot come any more. */
  failAsks(isLost: (target: AnyPid, asker: Pid) => boolean): void {
    for (const ask of [...this.book.asks.values()]) {
      if (isLost(ask.target, ask.pid)) ask.fail(undeliverable(ask.target, 'connection-lost'));
    }
  }

  removeAsk(ask: PendingAsk): void {
    this.book.removeAsk(ask);
  }

  postSystem(target: AnyPid, message: SystemMessage): void {
    this.book.processOf(target).postSystem(target, message);
  }

  stop(target: AnyPid): void {
    this.postSystem(target, STOP);
  }

  poison(target: AnyPid): void {
    this.book.processOf(target).poison(target);
  }

  // News.

  tellEnded(watcher: AnyPid, who: AnyPid, reason: TerminatedReason): void {
    this.postSystem(watcher, { kind: 'ended', who, reason });
  }

  /** An ask has heard of it as of any dead letter. */
  tellRejected(
    sender: Pid | undefined,
    target: AnyPid,
    message: unknown,
    reason: RejectedReason = 'mailbox-full',
  ): void {
    if (sender === undefined || this.book.processOf(sender).wantsFailures) return;
    const rejected: Rejected = { type: 'Rejected', target, message: bare(message), reason };
    this.deliver(sender, rejected, undefined, undefined);
  }

  tellFailed(sender: Pid | undefined, target: AnyPid, error: unknown): void {
    this.tellAsker(sender, { kind: 'answerer-failed', target, error });
  }

  tellStopped(sender: Pid | undefined, target: AnyPid): void {
    this.tellAsker(sender, { kind: 'undeliverable', target, reason: 'stopped' });
  }

  deadLetter(
    target: AnyPid,
    message: unknown,
    sender: Pid | undefined,
    reason: DeadLetterReason,
    detail?: string,
  ): void {
    const letter = new DeadLetter(target, bare(message), sender, reason, detail);
    this.observer.deadLetter(letter);
    this.letters.add(letter);
    // Word of a dead letter that reaches nobody is no news, or a subscriber that has ended would hear of it for ever.
    if (!(letter.message instanceof DeadLetter)) this.events.publish(letter);
    this.tellAsker(sender, { kind: 'undeliverable', target, reason, detail });
  }

  private tellAsker(sender: Pid | undefined, message: SystemMessage): void {
    if (sender === undefined) return;
    const process = this.book.processOf(sender);
    if (process.wantsFailures) process.postSystem(sender, message);
  }

  reportFailure(pid: AnyPid, error: unknown, message: unknown): void {
    this.log.warn('an actor failed', { actor: pid.toString(), message: nameOf(message), err: error });
  }

  reportPeer(process: string, what: string): void {
    this.log.warn('trouble with another process', { process, what });
  }

  reportError(pid: AnyPid, error: unknown, message: unknown): void {
    const facts = { actor: pid.toString(), message: nameOf(message), err: error };
    this.log.warn('an actor threw where no supervisor can help', facts);
  }

  // Spawning.

  spawn<M>(
    parent: SpawningActor | undefined,
    recipe: ActorRecipe<M>,
    name: string | undefined,
    prefix: string,
  ): Pid<M> {
    if (name !== undefined) checkedName(name);
    const wanted = prefix === '' ? name : `${checkedName(prefix)}${this.book.newName()}`;
    // The runtime hands messages on as they are; that they are of the actor's protocol is the sender's promise.
    const any = recipe as unknown as ActorRecipe<never>;
    return this.spawnWith(parent)(parent?.context, any, wanted) as unknown as Pid<M>;
  }

  /** An actor of the runtime itself, at the root, under a name that no user can give. */
  spawnOwn(recipe: ActorRecipe, name: string): Pid {
    return this.start(undefined, recipe, `$${name}`);
  }

  private spawnWith(parent: SpawningActor | undefined): Spawner {
    if (parent === undefined) return this.rootSpawner ?? this.spawnerFor(undefined);
    return chain(parent.recipe.spawners, this.spawnerFor(parent));
  }

  private spawnerFor(parent: SpawningActor | undefined): Spawner {
    return (_context, recipe, name) => this.start(parent, recipe as unknown as ActorRecipe, name);
  }

  private start(parent: SpawningActor | undefined, recipe: ActorRecipe, given: string | undefined): Pid {
    if (parent?.maySpawn === false) throw spawnRefused(parent.pid.id);
    if (parent === undefined && this.isEnding) throw spawnRefused('the actor system');
    const name = given ?? this.book.newName();
    const id = parent === undefined ? name : `${parent.pid.id}/${name}`;
    // A generated name is nobody else's: there is nothing to look up.
    const existing = given === undefined ? undefined : this.book.cells.get(id);
    if (existing !== undefined) throw new NameTakenError(id, existing.pid);
    const owner = parent ?? this.guardians.parentFor(recipe);
    const cell = new ActorCell(this, owner, recipe, this.book.newPid(id));
    owner.adopt(cell);
    this.book.cells.set(id, cell);
    this.observer.spawned(cell.pid);
    return cell.pid;
  }

  forget(pid: AnyPid): void {
    this.book.cells.delete(pid.id);
  }

  tree({ limit, under }: TreeOptions): ActorTree {
    const top = under === undefined ? undefined : this.book.cells.get(under);
    const roots = under === undefined ? this.guardians.children() : top === undefined ? [] : [top];
    return { actorCount: this.book.cells.size, rootCount: this.guardians.count, roots: treeOf(roots, limit) };
  }

  // The end.

  untilEnd(target: AnyPid, timeoutMs: number): Promise<void> {
    // Whoever has the name here can be told; in another process it may be another by then.
    if (target.incarnation === ANY_INCARNATION && target.address !== this.book.address) throw watchByName(target);
    return new PendingEnd(this, this.book.newPid('$end'), target, timeoutMs).promise;
  }

  /** Stops all actors, and then whatever waits for time to pass. Those that take longer are given up. */
  shutdown(timeoutMs: number): Promise<void> {
    this.isEnding = true;
    return endSystem(this, timeoutMs);
  }
}
