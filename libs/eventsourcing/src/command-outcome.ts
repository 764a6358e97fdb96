import type { FieldViolation, ErrorKind } from '@rookery/runtime';

/** A refusal as plain data: what a `DomainError` says. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly kind: ErrorKind;
  readonly metadata: Readonly<Record<string, string>>;
  readonly violations: readonly FieldViolation[];
}

/** How a command was answered, once and for all its repeats. */
export type CommandOutcome = { readonly answer: unknown } | { readonly refusal: Refusal };

/** Which command it is. One id means one command for one stream and one principal. */
export interface CommandKey {
  readonly principal: string;
  readonly commandId: string;
}

/** A command and what it is answered with, to be recorded beside its events. */
export interface AnsweredCommand extends CommandKey {
  /** Of the request's bytes: the same id with another hash is another command under a taken name. */
  readonly requestHash: string;
  readonly outcome: CommandOutcome;
  /** The stream's version before the command and behind it. */
  readonly fromVersion: number;
  readonly toVersion: number;
}
