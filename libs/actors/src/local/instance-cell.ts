import type { Actor, ActorContext, Envelope, Receive, Sender } from './actor.js';
import { CellParts } from './cell-parts.js';
import { CellTurn, Phase } from './cell-turn.js';
import { RECEIVE_TIMEOUT, STARTED } from './lifecycle-messages.js';
import { type MessageHeaders, NO_HEADERS } from './message-headers.js';
import { chain } from './middleware.js';
import type { Pid } from './pid.js';
import {
  Continuation,
  EndOfWatched,
  Poison,
  type QueueItem,
  type RuntimeItem,
  SilenceNoticed,
  TimerFired,
  WithHeaders,
} from './queue-items.js';

/** An actor's instance, and what it hears. */
export abstract class InstanceCell extends CellTurn {
  abstract readonly context: ActorContext;
  restarts = 0;
  protected instance: Actor | undefined;
  protected rare: CellParts | undefined;

  protected abstract beginStop(): void;

  get parts(): CellParts {
    if (this.rare !== undefined) return this.rare;
    const parts = new CellParts(this.host, this.recipe.stashCapacity, (item: RuntimeItem) => this.postItem(item));
    return this.phase === Phase.STOPPED ? parts.close() : (this.rare = parts);
  }

  get hasEnded(): boolean {
    return this.phase === Phase.STOPPED;
  }

  get maySpawn(): boolean {
    return this.phase < Phase.RESTARTING;
  }

  /** Sends through the actor's own middleware, which is composed once. */
  get sendThrough(): Sender {
    return (this.parts.sender ??= chain(this.recipe.senders, this.host.sendDirectly));
  }

  unstashAll(): void {
    const stash = this.rare?.stash;
    if (stash !== undefined && stash.length > 0) stash.returnTo((this.users ??= this.recipe.mailbox.createQueue()));
  }

  protected start(): void {
    try {
      this.instance = this.recipe.produce();
    } catch (error) {
      return this.failed(error, STARTED);
    }
    this.phase = Phase.RUNNING;
    this.deliver(STARTED, undefined, NO_HEADERS);
  }

  protected invoke(message: unknown): void | PromiseLike<void> {
    this.rare?.turnBegins(message);
    if (this.recipe.receivers.length === 0) return this.receive(message);
    const { parts } = this;
    parts.receiver ??= chain(this.recipe.receivers, (_context, envelope) => this.receiveEnvelope(envelope));
    return parts.receiver(this.context, { message, headers: this.headers ?? NO_HEADERS, sender: this.sender });
  }

  private receive(message: unknown): void | PromiseLike<void> {
    const behaviour: Receive | undefined = this.rare?.behaviours.at(-1);
    if (behaviour !== undefined) return behaviour(message, this.context);
    return this.instance?.receive(message, this.context);
  }

  /** Innermost of the middleware, which may have changed the envelope. */
  private receiveEnvelope({ headers, message, sender }: Envelope): void | PromiseLike<void> {
    this.message = message;
    this.headers = headers;
    this.sender = sender;
    return this.receive(message);
  }

  protected handledAtLast(): void {
    this.rare?.silence?.handled();
  }

  protected handleItem(item: QueueItem, sender: Pid | undefined): void {
    if (item instanceof WithHeaders) this.deliverCarried(item.message, sender, item.headers);
    else if (item instanceof Poison) this.beginStop();
    else if (item instanceof Continuation) this.goOn(item);
    else if (item instanceof TimerFired) this.timerFired(item);
    else if (item instanceof EndOfWatched) this.watchedEnded(item);
    else if (item instanceof SilenceNoticed && this.rare?.silence?.isDue(item) === true) {
      this.deliverNews(RECEIVE_TIMEOUT);
    }
  }

  private goOn({ reentry, run }: Continuation): void {
    if (this.rare?.reentries.delete(reentry) !== true) return;
    this.rare.turnGoesOn(reentry);
    this.deliverCarried(reentry.message, reentry.sender, reentry.headers, run);
  }

  private deliverCarried(
    message: unknown,
    sender: Pid | undefined,
    headers: MessageHeaders,
    code?: () => void | PromiseLike<void>,
  ): void {
    const { carrier } = this.host;
    if (carrier === undefined || headers === NO_HEADERS) this.deliver(message, sender, headers, code);
    else carrier.run(headers, () => this.deliver(message, sender, headers, code));
  }

  private timerFired(item: TimerFired): void {
    const due = this.rare?.timers.take(item);
    if (due !== undefined) this.deliver(due.message, undefined, NO_HEADERS);
  }

  private watchedEnded({ reason, who }: EndOfWatched): void {
    if (this.rare?.watches.removeWatchee(who) === true) this.deliverNews({ type: 'Terminated', who, reason });
  }

  /** A message of the runtime, for which nobody can ask. */
  private deliverNews(message: object): void {
    this.deliver(message, undefined, NO_HEADERS);
  }
}
