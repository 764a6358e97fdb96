import type { Clock, Scheduler } from '@rookery/runtime';
import type { Aggregate, Command } from '../aggregate.js';
import type { AnsweredCommand } from '../command-outcome.js';
import type { DomainEvent } from '../event.js';
import type { AppendOutcome, EventStore } from '../event-store.port.js';
import type { CommandRequest } from './command-request.js';
import { CurrentState } from './current-state.js';
import { Deferred } from './deferred.js';
import { decideBatch, type DecidedBatch } from './decide-batch.js';
import {
  deadlineExceeded,
  FenceLostError,
  isRefusedData,
  isUnknown,
  storeTooSlow,
  tooManyCommands,
} from './host-errors.js';
import type { LoadedState } from './loaded-state.js';
import { Patience } from './patience.js';
import { nameOf, RecentAnswers } from './recent-answers.js';
import { SnapshotTaker } from './snapshot-taker.js';
import { WaitingCommand } from './waiting-command.js';

/** Where an aggregate lives, and how far its host may go. */
export interface AggregateHostParts<S, C extends Command, E extends DomainEvent, A> {
  readonly aggregate: Aggregate<S, C, E, A>;
  readonly stream: string;
  readonly store: EventStore;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Hears of what went wrong beside the commands, such as a snapshot that could not be written. */
  readonly report: (error: unknown) => void;
  readonly limits?: Partial<HostLimits>;
}

export interface HostLimits {
  /** How long a state counts as current after the store has confirmed it. Default 1000. */
  readonly leaseMs: number;
  /** Commands that are appended together. Default 256. */
  readonly batch: number;
  /** Commands that may wait. Default 10 000. */
  readonly waiting: number;
  /** Answers that are remembered here, beside those in the store. Default 1000. */
  readonly answers: number;
}

/** A state, and the version of the stream that leads to it. */
export interface CurrentVersion<S> {
  readonly state: S;
  readonly version: number;
}

const DEFAULT_LIMITS: HostLimits = { leaseMs: 1000, batch: 256, waiting: 10_000, answers: 1000 };

/**
 * One aggregate in memory, and the way to its stream. Commands are decided one at a time, in the order in which they came;
 * those that wait while an append is on its way are decided together, each on the state that those before it lead to, and
 * appended as one: what that append does not take has not happened. A repeat of a command hears the first answer.
 *
 * Several hosts of one aggregate do no harm: the store takes an append only at the version that it was decided on. The host
 * that loses says so by `FenceLostError`, to this command and to all others, and is to be replaced by a new one.
 */
export class AggregateHost<S, C extends Command, E extends DomainEvent, A> {
  private readonly limits: HostLimits;
  private readonly current: CurrentState<S, C, E>;
  private readonly snapshots: SnapshotTaker<S>;
  private readonly recent: RecentAnswers;
  private readonly patience: Patience;
  /** All that have no answer yet, by the name of their key. */
  private readonly open = new Map<string, WaitingCommand<C>>();
  /** Those of them that are not on their way. */
  private waiting: WaitingCommand<C>[] = [];
  private readers: Deferred<LoadedState<S>> | undefined;
  private working: Promise<void> | undefined;
  private end: FenceLostError | undefined;

  constructor(private readonly parts: AggregateHostParts<S, C, E, A>) {
    const { aggregate, clock, report, scheduler, store, stream } = parts;
    this.limits = { ...DEFAULT_LIMITS, ...parts.limits };
    this.current = new CurrentState(parts);
    this.snapshots = new SnapshotTaker(aggregate.snapshots, stream, store, report);
    this.recent = new RecentAnswers(this.limits.answers);
    this.patience = new Patience(clock, scheduler, (until) => this.tellImpatient(until));
  }

  /** Begins to load the state, ahead of the first command. What cannot be loaded now is loaded when it is needed. */
  begin(): void {
    const see = (loaded: LoadedState<S>): void => this.snapshots.see(loaded);
    this.current.get().then(see, this.parts.report);
  }

  /**
   * Carries a command out, or refuses it, once: the answer is durable before it is given. Rejects with the refusal;
   * COMMAND_ID_REUSED; FENCE_LOST, STORE_UNAVAILABLE, STORE_REFUSED, TOO_MANY_COMMANDS and DEADLINE_EXCEEDED (nothing was
   * done); OUTCOME_UNKNOWN (ask again with the same id). Says one of these a little ahead of the deadline when the store does
   * not answer in time.
   */
  execute(request: CommandRequest<C>): Promise<A> {
    if (this.end !== undefined) return Promise.reject(this.end);
    const command = new WaitingCommand(request, this.parts.clock.monotonic());
    const { name } = command;
    const answered = this.recent.find(name);
    const twin = this.open.get(name);
    if (answered !== undefined) command.settleBy(answered);
    else if (twin !== undefined) twin.isRepeatedBy(command);
    else if (this.open.size >= this.limits.waiting) {
      command.fail(tooManyCommands(this.parts.stream, this.limits.waiting));
    } else {
      this.open.set(name, command);
      this.waiting.push(command);
      this.work();
    }
    if (this.open.has(name)) this.patience.endsAt(command.tellAt);
    return command.answer as Promise<A>;
  }

  /**
   * The state, as an append or a question has shown it that was sent no longer ago than the lease; or, however long the store
   * takes to answer, as a question shows it that was sent after this call. Rejects with STORE_UNAVAILABLE a little ahead of the
   * deadline when it takes too long.
   */
  read(deadlineAt = Infinity): Promise<LoadedState<S>> {
    if (this.end !== undefined) return Promise.reject(this.end);
    const known = this.current.within(this.limits.leaseMs);
    if (known !== undefined) return Promise.resolve(known);
    this.readers ??= new Deferred<LoadedState<S>>();
    const { promise } = this.readers;
    this.work();
    return this.patience.bound(promise, deadlineAt, () => storeTooSlow(`a question to ${this.parts.stream}`));
  }

  /** Settles when nothing is on its way any more. */
  async drain(): Promise<void> {
    while (this.working !== undefined) await this.working;
  }

  private work(): void {
    this.working ??= this.workAll();
  }

  private async workAll(): Promise<void> {
    // Commands which come at once are decided together.
    await Promise.resolve();
    while (this.waiting.length > 0 || this.readers !== undefined) {
      if (this.waiting.length > 0) await this.writeOrFail(this.waiting.splice(0, this.limits.batch));
      await this.answerReaders();
    }
    // In the same turn as the look that found nothing: what comes from here on begins anew.
    this.working = undefined;
    // A timer would keep this host in memory for the time that somebody was ready to wait.
    this.patience.rest();
  }

  private async writeOrFail(batch: readonly WaitingCommand<C>[]): Promise<void> {
    try {
      await this.write(this.unexpired(batch));
    } catch (error) {
      if (error instanceof FenceLostError) return this.giveUp(error);
      for (const command of batch) this.fail(command, error);
    }
  }

  /** What is not on its way will not be carried out for those who have given up; what is may be. */
  private tellImpatient(until: number): number {
    const isWaiting = new Set(this.waiting);
    let next = Infinity;
    for (const command of this.open.values()) {
      if (isWaiting.has(command) && command.isOverFor(until))
        this.fail(command, storeTooSlow(command.request.commandId));
      else {
        command.tellImpatient(until);
        next = Math.min(next, command.tellAt);
      }
    }
    this.waiting = this.waiting.filter(({ name }) => this.open.has(name));
    return next;
  }

  private unexpired(batch: readonly WaitingCommand<C>[]): readonly WaitingCommand<C>[] {
    const now = this.parts.clock.monotonic();
    return batch.filter((command) => {
      if (command.deadlineAt > now) return true;
      this.fail(command, deadlineExceeded(command.request));
      return false;
    });
  }

  /** Decides and appends. What it throws has changed nothing. */
  private async write(batch: readonly WaitingCommand<C>[]): Promise<void> {
    const before = await this.current.get();
    // Once more: loading may have taken long.
    const made = decideBatch(this.parts.aggregate, before, this.unexpired(batch));
    if (made.broken.length > 0) await this.settleBroken(made.broken);
    if (made.decided.length === 0) return;
    const sentAt = this.parts.clock.monotonic();
    try {
      const outcome = await this.parts.store.append({
        ...{ stream: this.parts.stream, expectedVersion: before.version },
        ...{ events: made.events, commands: made.commands },
      });
      this.adopt(outcome, made, sentAt);
    } catch (error) {
      await this.survive(error, made.decided);
    }
  }

  /** A repeat hears the first answer also when the rules make nothing of it any more. */
  private async settleBroken(broken: DecidedBatch<S, C>['broken']): Promise<void> {
    const { store, stream } = this.parts;
    const keys = broken.map(({ command }) => command.request);
    for (const answered of await store.findAnswers(stream, keys)) this.settle(answered);
    for (const { command, error } of broken) this.fail(command, error);
  }

  private adopt(outcome: AppendOutcome, made: DecidedBatch<S, C>, sentAt: number): void {
    switch (outcome.status) {
      case 'appended':
        this.current.appended(made.after, sentAt);
        made.commands.forEach((answered, index) => this.settle(answered, made.decided[index]?.name));
        return this.snapshots.see(made.after);
      case 'answered':
        return this.takeAnswers(outcome.commands, made);
      case 'conflict':
        this.current.strangerWrote();
        return this.putBack(made.decided);
    }
  }

  /** Some of them had been answered before; the rest is decided again without them. */
  private takeAnswers(known: readonly AnsweredCommand[], { before, decided }: DecidedBatch<S, C>): void {
    const isAhead = known.some(({ toVersion }) => toVersion > before.version);
    for (const answered of known) this.settle(answered);
    if (isAhead) this.current.strangerWrote();
    this.putBack(decided.filter(({ name }) => this.open.has(name)));
  }

  private async survive(error: unknown, decided: readonly WaitingCommand<C>[]): Promise<void> {
    if (isUnknown(error)) {
      this.current.lostSight();
      for (const command of decided) command.isInDoubt(error);
      return this.putBack(decided);
    }
    // One of them holds what cannot be stored; which one, only appends of their own can tell.
    if (!isRefusedData(error) || decided.length === 1) throw error;
    for (const command of decided) await this.writeOrFail([command]);
  }

  private putBack(commands: readonly WaitingCommand<C>[]): void {
    this.waiting = [...commands, ...this.waiting];
  }

  private async answerReaders(): Promise<void> {
    const { readers } = this;
    if (readers === undefined) return;
    this.readers = undefined;
    try {
      await this.current.get();
      readers.resolve(this.current.within(this.limits.leaseMs) ?? (await this.current.confirm()));
    } catch (error) {
      readers.reject(error);
      if (error instanceof FenceLostError) this.giveUp(error);
    }
  }

  private settle(answered: AnsweredCommand, name = nameOf(answered)): void {
    this.recent.add(name, answered);
    this.open.get(name)?.settleBy(answered);
    this.open.delete(name);
  }

  private fail(command: WaitingCommand<C>, error: unknown): void {
    // What was settled meanwhile has its answer.
    if (this.open.get(command.name) !== command) return;
    this.open.delete(command.name);
    command.fail(error);
  }

  private giveUp(error: FenceLostError): void {
    this.end = error;
    for (const command of this.open.values()) command.fail(error);
    this.open.clear();
    this.waiting = [];
    this.readers?.reject(error);
    this.readers = undefined;
  }
}
