import type { ActorRecipe } from './actor.js';
import type { CellHost } from './cell-host.js';
import type { TerminatedReason } from './lifecycle-messages.js';
import { type MessageHeaders, NO_HEADERS } from './message-headers.js';
import { MessageRing } from './message-ring.js';
import type { AnyPid, Pid } from './pid.js';
import type { Process } from './process.js';
import { Continuation, Poison, QueueItem, RuntimeItem } from './queue-items.js';
import type { Runnable } from './run-queue.js';
import type { SystemMessage } from './system-messages.js';
import type { MailboxListener, Overflow, UserQueue } from './user-queue.js';

/**
 * In the order of a life. Messages of users are handled in `RUNNING` alone. `FAILED` waits for a directive, `SUSPENDED` for
 * one that has been given to take effect. From `STOPPING` there is no way back.
 */
export const Phase = {
  STARTING: 0,
  RUNNING: 1,
  FAILED: 2,
  SUSPENDED: 3,
  RESTARTING: 4,
  STOPPING: 5,
  STOPPED: 6,
} as const;
export type Phase = (typeof Phase)[keyof typeof Phase];

type UserCode = () => void | PromiseLike<void>;

/**
 * The two queues of an actor and its turns. Runs one piece of user code at a time: while a handler's promise is open the cell
 * is held, and nothing else of it runs.
 */
export abstract class CellTurn implements Process, Runnable, MailboxListener {
  /** The message at hand, with its sender and headers. */
  message: unknown = undefined;
  sender: Pid | undefined = undefined;
  /** Undefined: no message is at hand. */
  headers: MessageHeaders | undefined = undefined;
  protected phase: Phase = Phase.STARTING;
  protected users: UserQueue | undefined;
  protected isHeld = false;
  private isScheduled = false;
  private urgent: MessageRing | undefined;
  /** What goes on after a promise, ahead of users' messages. */
  private continuations: MessageRing | undefined;

  constructor(
    readonly host: CellHost,
    readonly recipe: ActorRecipe,
    readonly pid: Pid,
  ) {}

  protected abstract start(): void;
  protected abstract handleSystem(message: SystemMessage): void;
  protected abstract handleItem(item: QueueItem, sender: Pid | undefined): void;
  /** Runs the user's code for a message; a promise means that it is not done yet. */
  protected abstract invoke(message: unknown): void | PromiseLike<void>;
  /** User code threw, or its promise rejected. */
  protected abstract failed(error: unknown, message: unknown): void;
  /** The promise of a handler has settled. */
  protected abstract handledAtLast(): void;
  /** A system message has come to an actor that has ended, or that ended before its turn came. */
  protected abstract handleSystemTooLate(message: SystemMessage, reason: TerminatedReason): void;

  get owner(): object {
    return this.host;
  }

  get wantsFailures(): boolean {
    return false;
  }

  get backlog(): number {
    return this.users?.length ?? 0;
  }

  get load(): number {
    return this.backlog + (this.isHeld ? 1 : 0);
  }

  post(target: AnyPid, message: unknown, sender: Pid | undefined): void {
    if (this.phase === Phase.STOPPED) return this.host.deadLetter(target, message, sender, 'stopped');
    (this.users ??= this.recipe.mailbox.createQueue()).push(message, sender, this);
    if (this.phase <= Phase.RUNNING) this.schedule();
  }

  postItem(item: RuntimeItem): void {
    if (this.phase === Phase.STOPPED) return;
    (this.users ??= this.recipe.mailbox.createQueue()).pushAnyway(item, undefined);
    if (this.phase <= Phase.RUNNING) this.schedule();
  }

  postSystem(_target: AnyPid, message: SystemMessage): void {
    if (this.phase === Phase.STOPPED) return this.handleSystemTooLate(message, 'not-found');
    (this.urgent ??= new MessageRing()).pushAnyway(message, undefined);
    this.schedule();
  }

  postContinuation(item: Continuation): void {
    if (this.phase === Phase.STOPPED) return;
    (this.continuations ??= new MessageRing()).pushAnyway(item, undefined);
    if (this.phase <= Phase.RUNNING) this.schedule();
  }

  poison(): void {
    this.postItem(Poison.pill);
  }

  overflowed(message: unknown, sender: Pid | undefined, overflow: Overflow): void {
    this.host.deadLetter(this.pid, message, sender, overflow);
    if (this.recipe.mailbox.isRejecting) this.host.tellRejected(sender, this.pid, message);
  }

  ruleFailed(error: unknown, message: unknown): void {
    this.host.reportError(this.pid, error, message);
  }

  runTurn(limit: number): number {
    if (this.phase === Phase.STARTING && !this.isHeld) this.start();
    let handled = 0;
    while (handled < limit && !this.isHeld && this.handleOne()) handled++;
    if (!this.isHeld) this.endTurn();
    this.isScheduled = false;
    this.scheduleIfNeeded();
    // A start counts as much as a message.
    return handled === 0 ? 1 : handled;
  }

  private handleOne(): boolean {
    const { continuations, urgent, users } = this;
    if (isFilled(urgent)) {
      this.endTurn();
      this.handleSystem(urgent.shift() as SystemMessage);
      return true;
    }
    if (this.phase !== Phase.RUNNING) return false;
    const queue = isFilled(continuations) ? continuations : users;
    if (!isFilled(queue)) return false;
    const sender = queue.firstSender;
    const message = queue.shift();
    if (message instanceof QueueItem) this.handleItem(message, sender);
    else this.deliver(message, sender, NO_HEADERS);
    return true;
  }

  /** Runs the user's code for a message: its handler, or `code` in its place. */
  protected deliver(message: unknown, sender: Pid | undefined, headers: MessageHeaders, code?: UserCode): void {
    this.message = message;
    this.sender = sender;
    this.headers = headers;
    try {
      const result = code === undefined ? this.invoke(message) : code();
      if (result !== undefined) this.holdIfPromise(result, message);
    } catch (error) {
      this.failed(error, message);
    }
  }

  /** Lets the user's code know of `message` of the runtime, and goes on with `then` when it is done, whatever it makes of that. */
  protected signal(message: object, then: () => void): void {
    this.message = message;
    this.sender = undefined;
    this.headers = NO_HEADERS;
    try {
      const result = this.invoke(message);
      if (isPromise(result)) return this.holdThen(result, message, then);
    } catch (error) {
      this.host.reportError(this.pid, error, message);
    }
    this.endTurn();
    then();
  }

  protected schedule(): void {
    if (this.isScheduled || this.isHeld) return;
    this.isScheduled = true;
    this.host.runQueue.add(this);
  }

  /** Whether such a system message waits. */
  protected hasUrgent(isSought: (message: SystemMessage) => boolean): boolean {
    return this.urgent?.some((message) => isSought(message as SystemMessage)) === true;
  }

  /** Answers the system messages that wait still, and have come too late. */
  protected endSystemQueue(): void {
    const waiting = this.urgent;
    this.urgent = undefined;
    while (isFilled(waiting)) this.handleSystemTooLate(waiting.shift() as SystemMessage, 'stopped');
  }

  /** Every message of users that waits, taken out. */
  protected *remaining(): Iterable<readonly [message: unknown, sender: Pid | undefined]> {
    const waiting = this.users;
    this.users = undefined;
    this.continuations = undefined;
    while (isFilled(waiting)) {
      const sender = waiting.firstSender;
      const message = waiting.shift();
      if (!(message instanceof RuntimeItem)) yield [message, sender];
    }
  }

  private holdIfPromise(result: PromiseLike<void>, message: unknown): void {
    if (!isPromise(result)) return;
    this.isHeld = true;
    // A promise of its own, because what only looks like one may settle twice or throw.
    Promise.resolve(result).then(
      () => this.release(),
      (error: unknown) => {
        this.failed(error, message);
        this.release();
      },
    );
  }

  private release(): void {
    this.endTurn();
    this.handledAtLast();
    this.isHeld = false;
    this.scheduleIfNeeded();
  }

  private holdThen(promise: PromiseLike<void>, message: object, then: () => void): void {
    this.isHeld = true;
    const goOn = (): void => {
      if (this.phase === Phase.STOPPED) return;
      this.isHeld = false;
      this.endTurn();
      then();
      this.scheduleIfNeeded();
    };
    Promise.resolve(promise).then(goOn, (error: unknown) => {
      this.host.reportError(this.pid, error, message);
      goOn();
    });
  }

  private scheduleIfNeeded(): void {
    if (!this.isScheduled && this.hasWork()) this.schedule();
  }

  private hasWork(): boolean {
    if (isFilled(this.urgent) || this.phase === Phase.STARTING) return true;
    return this.phase === Phase.RUNNING && (isFilled(this.users) || isFilled(this.continuations));
  }

  private endTurn(): void {
    this.message = undefined;
    this.sender = undefined;
    this.headers = undefined;
  }
}

function isFilled<Q extends UserQueue>(queue: Q | undefined): queue is Q {
  return queue !== undefined && queue.length > 0;
}

function isPromise(result: unknown): result is PromiseLike<void> {
  return (
    typeof result === 'object' && result !== null && typeof (result as Partial<PromiseLike<void>>).then === 'function'
  );
}
