import type { Surroundings } from '../local/actor.js';
import type { MessageHeaders } from '../local/message-headers.js';
import type { AnyPid, Pid } from '../local/pid.js';

/** An activation's view of its surroundings, and of the call at hand up to the end of the method's promise. */
export interface GrainContext {
  /** The full name of the service that is the grain's protocol. */
  readonly kind: string;
  readonly identity: string;
  /** This activation. A later one of the same grain is another actor. */
  readonly self: AnyPid;
  readonly system: Surroundings;
  /** Of the call at hand. */
  readonly headers: MessageHeaders;
  /** Who is answered; undefined outside of calls. */
  readonly sender: Pid | undefined;
  /** How long the caller still waits, which is as long as calls made for it should; Infinity outside of calls. */
  readonly remainingMs: number;
  /** Aborted as soon as the activation is to end at once: its time to drain is over, or its process stops. */
  readonly signal: AbortSignal;

  /**
   * Other calls are handled while the promise of the call at hand is open; without it they wait. For a method that waits for
   * something outside and keeps its state right by itself. Called before the method's first `await`; what it needs of the
   * context it has to take before as well. The activation ends only when such calls are done. An error that is not meant for
   * callers is reported, and the activation goes on. Where another call's error has the grain made anew, they go on with the
   * object of before, and answer by that.
   */
  interleave(): void;

  /**
   * For an activation that has found out that another one writes for the same grain. Its state is given up without
   * `deactivate`; the call at hand, which must not have changed anything, and those behind it are made again by their callers,
   * wherever the grain is active then.
   */
  stepDown(): never;
}

/** What a grain's class may have beside the methods of its contract. */
export interface GrainHooks {
  /** Before the first call. What it throws fails all calls that wait for the activation. */
  activate?(context: GrainContext): void | PromiseLike<void>;
  /** Behind the last call, when the grain is idle, moves or leaves with its process; not after a failure, a crash or `stepDown`. */
  deactivate?(context: GrainContext): void | PromiseLike<void>;
}

/** Makes what an activation consists of: an object with the methods of the contract, by their property names. */
export type GrainFactory = (identity: string) => object & GrainHooks;

export interface GrainOptions {
  /** An activation that is not called for so long is given up. Default 60 000; 0: never. */
  readonly passivateAfterMs?: number;
}
