import type { TreeCell } from './actor-tree.js';
import type { AnyPid, Bound, Pid } from './pid.js';
import type { SupervisedChild } from './supervision.js';
import type { Directed, Stop, SystemMessage } from './system-messages.js';

/** What stands behind a Pid: an actor, an ask that waits, a router, the way to another process. None of it ever throws. */
export interface Process extends Bound {
  /** Takes a message of users, or makes it a dead letter. */
  post(target: AnyPid, message: unknown, sender: Pid | undefined): void;
  postSystem(target: AnyPid, message: SystemMessage): void;
  /** Ends the process behind all that was posted before. */
  poison(target: AnyPid): void;
  /** Messages that wait, as far as that is known here. */
  readonly backlog: number;
  /** As `backlog`, with the one that it is busy with; for routers. */
  readonly load: number;
  /** Whether it wants to hear that what it sent reached nobody, or failed its receiver. */
  readonly wantsFailures: boolean;
}

/** An actor as its parent knows it. */
export interface Child extends Process, SupervisedChild, TreeCell {
  /** It has failed, and nobody has decided yet what becomes of it. */
  readonly isFailed: boolean;
  /** Tells it what its supervisor has decided. */
  direct(directed: Directed | Stop): void;
}

/** Whom the failures and the end of an actor are told to. */
export interface Parent {
  /** Undefined: the root. */
  readonly pid: Pid | undefined;
  adopt(child: Child): void;
  childFailed(child: Child, error: unknown, message: unknown): void;
  childStopped(child: Child): void;
}
