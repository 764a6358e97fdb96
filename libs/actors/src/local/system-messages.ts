import type { DeadLetterReason } from './dead-letter.js';
import type { TerminatedReason } from './lifecycle-messages.js';
import type { AnyPid } from './pid.js';
import type { SupervisedChild } from './supervision.js';

/** Ends the actor ahead of what waits in its mailbox. */
export interface Stop {
  readonly kind: 'stop';
}

/** `watcher` wants to hear of the end of the receiver, or no longer. */
export interface WatchChange {
  readonly kind: 'watch' | 'unwatch';
  readonly watcher: AnyPid;
}

/** An actor that the receiver may be watching has ended. */
export interface Ended {
  readonly kind: 'ended';
  readonly who: AnyPid;
  readonly reason: TerminatedReason;
}

/** A child of the receiver has failed and waits for a directive. */
export interface ChildFailed {
  readonly kind: 'child-failed';
  readonly child: SupervisedChild;
  readonly error: unknown;
  readonly message: unknown;
}

export interface ChildStopped {
  readonly kind: 'child-stopped';
  readonly child: SupervisedChild;
}

/** What the supervisor has decided about the receiver. */
export type Directed = { readonly kind: 'resume' } | { readonly kind: 'restart'; readonly delayMs: number };

/** What the receiver sent, or asked for, became a dead letter. */
export interface Undeliverable {
  readonly kind: 'undeliverable';
  readonly target: AnyPid;
  readonly reason: DeadLetterReason;
  readonly detail?: string | undefined;
}

/** The receiver's question failed the actor that should have answered it. */
export interface AnswererFailed {
  readonly kind: 'answerer-failed';
  readonly target: AnyPid;
  readonly error: unknown;
}

/** What runtimes say to each other about actors. Handled before all messages of users. */
export type SystemMessage =
  Stop | WatchChange | Ended | ChildFailed | ChildStopped | Directed | Undeliverable | AnswererFailed;

export const STOP: Stop = Object.freeze({ kind: 'stop' });
