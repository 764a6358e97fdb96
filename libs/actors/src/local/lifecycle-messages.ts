import type { AnyPid } from './pid.js';

/** The actor has been made, or made again after a restart. The first message of each instance. */
export interface Started {
  readonly type: 'Started';
}

/** The actor is about to be made again after a failure. The last message of the instance that goes. */
export interface Restarting {
  readonly type: 'Restarting';
}

/** The actor stops: it takes no more messages; its children are stopped next. */
export interface Stopping {
  readonly type: 'Stopping';
}

/** The children have stopped; the last message of all. */
export interface Stopped {
  readonly type: 'Stopped';
}

/** No message came for the time that was set by `context.setReceiveTimeout`. */
export interface ReceiveTimeout {
  readonly type: 'ReceiveTimeout';
}

/** `stopped`: it ended, whatever the reason. `address-terminated`: its process is gone. `not-found`: it was gone before. */
export type TerminatedReason = 'stopped' | 'address-terminated' | 'not-found';

/** A watched actor has ended. Comes once for each watch, after everything it had sent to the watcher. */
export interface Terminated {
  readonly type: 'Terminated';
  readonly who: AnyPid;
  readonly reason: TerminatedReason;
}

/** `mailbox-full`: it holds no more, and rejects. `undecodable`: the process of the target cannot read it. */
export type RejectedReason = 'mailbox-full' | 'undecodable';

/** A message of this actor was refused, and not for want of a target. */
export interface Rejected {
  readonly type: 'Rejected';
  readonly target: AnyPid;
  /** Undefined where it could not be sent back. */
  readonly message: unknown;
  readonly reason: RejectedReason;
}

/** What an actor hears from its runtime, among the messages of its protocol. */
export type LifecycleMessage = Started | Restarting | Stopping | Stopped | ReceiveTimeout | Terminated | Rejected;

export const STARTED: Started = Object.freeze({ type: 'Started' });
export const RESTARTING: Restarting = Object.freeze({ type: 'Restarting' });
export const STOPPING: Stopping = Object.freeze({ type: 'Stopping' });
export const STOPPED: Stopped = Object.freeze({ type: 'Stopped' });
export const RECEIVE_TIMEOUT: ReceiveTimeout = Object.freeze({ type: 'ReceiveTimeout' });

/** One of the last messages of an instance, which are for nobody else. */
export function isFarewell(message: unknown): boolean {
  return message === RESTARTING || message === STOPPING || message === STOPPED;
}
