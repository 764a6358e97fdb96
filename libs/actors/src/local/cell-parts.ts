import { type Cancellable, DomainError } from '@rookery/runtime';
import type { Receive, Receiver, Sender } from './actor.js';
import type { CellHost } from './cell-host.js';
import type { Pid } from './pid.js';
import type { Child } from './process.js';
import type { QueueItem, Reentry, Turn } from './queue-items.js';
import { ReceiveSilence } from './receive-silence.js';
import { RestartStatistics } from './restart-statistics.js';
import { Stash } from './stash.js';
import { TimerTable } from './timer-table.js';
import { WatchSets } from './watch-sets.js';

/** What few actors have, made at first use: a million idle ones should not pay for it. */
export class CellParts {
  /** In the order in which they were spawned. */
  readonly children = new Set<Child>();
  behaviours: Receive[] = [];
  silence: ReceiveSilence | undefined;
  /** The failures of these children were escalated: they go on when we do. */
  readonly escalated = new Set<Child>();
  /** Composed middleware of this actor. */
  receiver: Receiver | undefined;
  sender: Sender | undefined;
  /** A restart that waits for its time. */
  delayedRestart: Cancellable | undefined;
  private ownWatches: WatchSets | undefined;
  private ownStatistics: RestartStatistics | undefined;
  private ownStash: Stash | undefined;
  private ownTimers: TimerTable | undefined;
  private ownEnding: AbortController | undefined;
  private ownReentries: Set<Reentry> | undefined;
  private subscriptions: Cancellable[] = [];
  private ownTurn: Turn | undefined;
  private isClosed = false;

  constructor(
    private readonly host: CellHost,
    private readonly stashCapacity: number,
    private readonly post: (item: QueueItem) => void,
  ) {}

  get watches(): WatchSets {
    return (this.ownWatches ??= new WatchSets());
  }

  get statistics(): RestartStatistics {
    return (this.ownStatistics ??= new RestartStatistics());
  }

  get stash(): Stash {
    return (this.ownStash ??= new Stash(this.stashCapacity));
  }

  /** The next turn begins, with this message. */
  turnBegins(message: unknown): void {
    this.ownTurn = undefined;
    this.silence?.heard(message);
  }

  /** A continuation of a turn begins. */
  turnGoesOn({ turn }: Reentry): void {
    this.ownTurn = turn;
  }

  get turn(): Turn {
    return (this.ownTurn ??= { hasStashed: false });
  }

  /** Puts the message at hand aside, at most once: it would be handled twice. */
  stashOnce(message: unknown, sender: Pid | undefined): void {
    const { turn } = this;
    if (turn.hasStashed) throw new DomainError('STASHED_TWICE', 'the message at hand is in the stash already');
    this.stash.add(message, sender);
    turn.hasStashed = true;
  }

  get timers(): TimerTable {
    if (this.ownTimers === undefined) {
      this.ownTimers = new TimerTable(this.host, this.post);
      if (this.isClosed) this.ownTimers.close();
    }
    return this.ownTimers;
  }

  get reentries(): Set<Reentry> {
    return (this.ownReentries ??= new Set());
  }

  /** Aborted as soon as the instance is to go, also while its handler waits for something. */
  get signal(): AbortSignal {
    this.ownEnding ??= new AbortController();
    if (this.isClosed) this.ownEnding.abort();
    return this.ownEnding.signal;
  }

  abort(): void {
    this.ownEnding?.abort();
  }

  setReceiveTimeout(timeoutMs: number, ignores: ((message: unknown) => boolean) | undefined): void {
    if (!(timeoutMs >= 0)) throw new RangeError(`a receive timeout is at least 0 ms, not ${timeoutMs}`);
    this.silence?.end();
    this.silence = undefined;
    if (timeoutMs === 0 || this.isClosed) return;
    const { clock, scheduler } = this.host;
    this.silence = new ReceiveSilence(timeoutMs, ignores, clock, scheduler, this.post);
  }

  addSubscription(subscription: Cancellable): void {
    if (this.isClosed) subscription.cancel();
    else this.subscriptions.push(subscription);
  }

  /** What an instance had set up for itself goes with it; what belongs to the actor stays. */
  forgetInstance(): void {
    this.calmInstance();
    this.behaviours = [];
  }

  /** The instance hears its last messages, by its present behaviour, and nothing else that it had set up. */
  calmInstance(): void {
    this.ownTimers?.cancelAll();
    this.silence?.end();
    this.silence = undefined;
    this.escalated.clear();
    this.delayedRestart?.cancel();
    this.abort();
    this.ownEnding = undefined;
    for (const subscription of this.subscriptions.splice(0)) subscription.cancel();
  }

  /** The turns that waited for a promise: they do not go on. */
  takeReentries(): readonly Reentry[] {
    const all = [...(this.ownReentries ?? [])];
    this.ownReentries = undefined;
    return all;
  }

  /** The actor has ended: nothing that is set up from now on lasts. */
  close(): this {
    this.forgetInstance();
    this.ownTimers?.close();
    this.isClosed = true;
    return this;
  }
}
