import type { Command } from '../aggregate.js';
import type { AnsweredCommand } from '../command-outcome.js';
import type { CommandRequest } from './command-request.js';
import { Deferred } from './deferred.js';
import { commandIdReused, notKnownInTime, outcomeUnknown, settle } from './host-errors.js';
import { answerTime } from './patience.js';
import { nameOf } from './recent-answers.js';

/** A command and those who wait for its answer. */
export class WaitingCommand<C extends Command> {
  /** Of its key. */
  readonly name: string;
  private readonly settled = new Deferred<unknown>();
  private readonly repeats: WaitingCommand<C>[] = [];
  /** What the store said when it did not know whether it had written this command. */
  private doubt: unknown;
  private patientUntil: number;
  /** When its sender must have heard something; never, when he has. */
  private answerAt: number;

  constructor(
    readonly request: CommandRequest<C>,
    now: number,
  ) {
    this.name = nameOf(request);
    this.patientUntil = request.deadlineAt;
    this.answerAt = answerTime(request.deadlineAt, now);
  }

  /** When the last of those who wait has given up. */
  get deadlineAt(): number {
    return this.patientUntil;
  }

  get answer(): Promise<unknown> {
    return this.settled.promise;
  }

  /** When the first of those who wait must have heard something. */
  get tellAt(): number {
    return this.repeats.reduce((first, { answerAt }) => Math.min(first, answerAt), this.answerAt);
  }

  /** Whether that holds for all of them by then. */
  isOverFor(until: number): boolean {
    return this.answerAt <= until && this.repeats.every(({ answerAt }) => answerAt <= until);
  }

  /** Those whose time is over by then hear that nobody knows what will have become of it. It goes on for the others. */
  tellImpatient(until: number): void {
    for (const one of [this, ...this.repeats]) {
      if (one.answerAt > until) continue;
      one.answerAt = Infinity;
      one.settled.reject(notKnownInTime(one.request, this.doubt));
    }
  }

  /** Another with the same key, while this one has no answer. */
  isRepeatedBy(repeat: WaitingCommand<C>): void {
    this.repeats.push(repeat);
    this.patientUntil = Math.max(this.patientUntil, repeat.deadlineAt);
  }

  /** By what was recorded for its key: its own answer, or that of another command under the same id. */
  settleBy(answered: Pick<AnsweredCommand, 'outcome' | 'requestHash'>): void {
    const { outcome, requestHash } = answered;
    for (const repeat of this.repeats) repeat.settleBy(answered);
    if (requestHash !== this.request.requestHash) return this.settled.reject(commandIdReused(this.request));
    try {
      this.settled.resolve(settle(outcome));
    } catch (error) {
      this.settled.reject(error);
    }
  }

  /** Nobody knows whether it was carried out; asked again, the store will say. */
  isInDoubt(error: unknown): void {
    this.doubt = error;
  }

  fail(error: unknown): void {
    const said = this.doubt === undefined ? error : outcomeUnknown(this.request, { cause: this.doubt });
    for (const repeat of this.repeats) repeat.fail(said);
    this.settled.reject(said);
  }
}
