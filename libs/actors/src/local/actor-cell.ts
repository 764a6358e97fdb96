import type { ActorRecipe } from './actor.js';
import type { CellHost, SpawningActor } from './cell-host.js';
import type { CellParts } from './cell-parts.js';
import { Phase } from './cell-turn.js';
import { InstanceCell } from './instance-cell.js';
import { RESTARTING, STOPPED, STOPPING, type TerminatedReason } from './lifecycle-messages.js';
import { bind, type Pid } from './pid.js';
import type { Child, Parent } from './process.js';
import { EndOfWatched } from './queue-items.js';
import type { RestartStatistics } from './restart-statistics.js';
import { superviseFailure, type Supervisor } from './supervise-failure.js';
import type { Directive, Failure, SupervisionStrategy } from './supervision.js';
import {
  type AnswererFailed,
  type Directed,
  type Ended,
  type Stop,
  STOP,
  type SystemMessage,
  type Undeliverable,
  type WatchChange,
} from './system-messages.js';
import { TurnContext } from './turn-context.js';

const NO_CHILDREN: ReadonlySet<Child> = new Set();

/** An actor in its process: its life from the start over failures and restarts to its end. */
export class ActorCell extends InstanceCell implements Child, SpawningActor, Supervisor {
  readonly context: TurnContext;

  constructor(
    host: CellHost,
    readonly parent: Parent,
    recipe: ActorRecipe,
    pid: Pid,
  ) {
    super(host, recipe, pid);
    this.context = new TurnContext(this);
    bind(pid, this);
    this.schedule();
  }

  // What its surroundings ask.

  get isFailed(): boolean {
    return this.phase === Phase.FAILED;
  }

  get state(): Phase {
    return this.phase;
  }

  /** Whether it waits for its handler's promise. */
  get isBusy(): boolean {
    return this.isHeld;
  }

  get childSet(): ReadonlySet<Child> {
    return this.rare?.children ?? NO_CHILDREN;
  }

  get statistics(): RestartStatistics {
    return this.parts.statistics;
  }

  get strategy(): SupervisionStrategy {
    return this.recipe.strategy;
  }

  get endSignal(): AbortSignal {
    const { parts } = this;
    const { signal } = parts;
    // Who asks for it late, in a handler that runs on, should know as well.
    if (this.hasUrgent(endsInstance)) parts.abort();
    return signal;
  }

  // Failures: its own, and those of its children.

  protected failed(error: unknown, message: unknown): void {
    this.host.tellFailed(this.sender, this.pid, error);
    if (this.phase > Phase.RUNNING) return this.host.reportError(this.pid, error, message);
    this.phase = Phase.FAILED;
    this.parent.childFailed(this, error, message);
  }

  opinionOf(failure: Failure): Directive | undefined {
    return this.instance?.decide?.(failure);
  }

  /** Several children may fail while we wait for a directive: it holds for all of them. */
  escalate(child: Child, { error, message }: Failure): void {
    this.parts.escalated.add(child);
    if (this.phase > Phase.RUNNING) return;
    this.phase = Phase.FAILED;
    this.parent.childFailed(this, error, message);
  }

  direct(directed: Directed | Stop): void {
    if (this.phase === Phase.FAILED) this.phase = Phase.SUSPENDED;
    this.postSystem(this.pid, directed);
  }

  adopt(child: Child): void {
    this.parts.children.add(child);
  }

  childFailed(child: Child, error: unknown, message: unknown): void {
    this.postSystem(this.pid, { kind: 'child-failed', child, error, message });
  }

  childStopped(child: Child): void {
    this.postSystem(this.pid, { kind: 'child-stopped', child });
  }

  // The system queue.

  override postSystem(target: Pid<never>, message: SystemMessage): void {
    // Whoever waits in a handler of an instance that is to go should know.
    if (endsInstance(message)) this.rare?.abort();
    super.postSystem(target, message);
  }

  protected handleSystem(message: SystemMessage): void {
    switch (message.kind) {
      case 'stop':
        return this.beginStop();
      case 'resume':
        return this.resume();
      case 'restart':
        return message.delayMs > 0 ? this.restartLater(message.delayMs) : this.beginRestart();
      case 'child-failed':
        return this.supervise(message.child as Child, message.error, message.message);
      case 'child-stopped':
        return this.childEnded(message.child as Child);
      default:
        return this.handleNews(message);
    }
  }

  private handleNews(message: WatchChange | Ended | Undeliverable | AnswererFailed): void {
    switch (message.kind) {
      case 'watch':
      case 'unwatch':
        return this.watchChanged(message);
      case 'ended':
        return this.postItem(new EndOfWatched(message.who, message.reason));
      case 'undeliverable':
      case 'answerer-failed':
        return; // For asks; an actor hears of what it told others by dead letters.
    }
  }

  protected handleSystemTooLate(message: SystemMessage, reason: TerminatedReason): void {
    if (message.kind === 'watch') this.host.tellEnded(message.watcher, this.pid, reason);
  }

  private watchChanged({ kind, watcher }: WatchChange): void {
    if (kind === 'watch') this.parts.watches.addWatcher(watcher);
    else this.rare?.watches.removeWatcher(watcher);
  }

  private childEnded(child: Child): void {
    this.rare?.children.delete(child);
    this.whenChildless();
  }

  private supervise(child: Child, error: unknown, message: unknown): void {
    // Children of one that is about to go will be stopped anyway.
    if (this.phase >= Phase.RESTARTING) return;
    superviseFailure(this.host, this, child, { child: child.pid, error, message });
  }

  private resume(): void {
    if (this.phase !== Phase.FAILED && this.phase !== Phase.SUSPENDED) return;
    // What could not be made cannot go on either.
    if (this.instance === undefined) return this.beginStop();
    this.phase = Phase.RUNNING;
    this.rare?.delayedRestart?.cancel();
    for (const child of this.rare?.escalated ?? []) child.direct({ kind: 'resume' });
    this.rare?.escalated.clear();
  }

  private restartLater(delayMs: number): void {
    if (this.phase >= Phase.RESTARTING) return;
    this.phase = Phase.SUSPENDED;
    const { parts } = this;
    parts.delayedRestart?.cancel();
    const restart = (): void => this.postSystem(this.pid, { kind: 'restart', delayMs: 0 });
    parts.delayedRestart = this.host.scheduler.timer(delayMs, restart);
  }

  private beginRestart(): void {
    if (this.phase >= Phase.RESTARTING) return;
    this.phase = Phase.RESTARTING;
    this.rare?.calmInstance();
    this.signal(RESTARTING, () => this.stopChildren());
  }

  protected beginStop(): void {
    if (this.phase >= Phase.STOPPING) return;
    this.phase = Phase.STOPPING;
    this.rare?.calmInstance();
    this.signal(STOPPING, () => this.stopChildren());
  }

  private stopChildren(): void {
    for (const child of [...this.childSet].reverse()) child.postSystem(child.pid, STOP);
    this.whenChildless();
  }

  private whenChildless(): void {
    if (this.childSet.size > 0) return;
    if (this.phase === Phase.RESTARTING) this.startAgain();
    else if (this.phase === Phase.STOPPING) this.signal(STOPPED, () => this.end());
  }

  private startAgain(): void {
    this.restarts++;
    this.host.observer.restarted(this.pid);
    this.instance = undefined;
    // What the last rites of the old instance have set up goes with it too.
    this.rare?.forgetInstance();
    for (const { sender } of this.rare?.takeReentries() ?? []) {
      this.host.tellFailed(sender, this.pid, new Error('the actor was made again before it went on'));
    }
    this.unstashAll();
    this.phase = Phase.STARTING;
  }

  // The end.

  /** Ends it at once, whatever its handler is waiting for, which can no longer do anything here. */
  abandon(): void {
    if (this.phase !== Phase.STOPPED) this.end();
  }

  private end(): void {
    this.phase = Phase.STOPPED;
    this.instance = undefined;
    this.unstashAll();
    const { rare } = this;
    this.rare = undefined;
    this.host.forget(this.pid);
    for (const [message, sender] of this.remaining()) this.host.deadLetter(this.pid, message, sender, 'stopped');
    if (rare !== undefined) this.endParts(rare);
    this.endSystemQueue();
    this.parent.childStopped(this);
    this.host.observer.stopped(this.pid);
  }

  private endParts(parts: CellParts): void {
    parts.close();
    for (const { sender } of parts.takeReentries()) this.host.tellStopped(sender, this.pid);
    for (const watcher of parts.watches.takeWatchers()) this.host.tellEnded(watcher, this.pid, 'stopped');
    for (const watchee of parts.watches.takeWatchees()) {
      this.host.postSystem(watchee, { kind: 'unwatch', watcher: this.pid });
    }
  }
}

function endsInstance({ kind }: SystemMessage): boolean {
  return kind === 'stop' || kind === 'restart';
}
