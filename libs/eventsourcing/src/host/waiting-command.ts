import type { Command } from '../aggregate.js';
import type { AnsweredCommand } from '../command-outcome.js';
import type { CommandRequest } from './command-request.js';
import { Deferred } from './deferred.js';
import { commandIdReused, outcomeUnknown, settle } from './host-errors.js';
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

  constructor(readonly request: CommandRequest<C>) {
    this.name = nameOf(request);
    this.patientUntil = request.deadlineAt;
  }

  /** When the last of those who wait has given up. */
  get deadlineAt(): number {
    return this.patientUntil;
  }

  get answer(): Promise<unknown> {
    return this.settled.promise;
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
    const said = this.doubt === undefined ? error : outcomeUnknown(this.request, this.doubt);
    for (const repeat of this.repeats) repeat.fail(said);
    this.settled.reject(said);
  }
}
