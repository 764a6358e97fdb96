import type { actors } from '@rookery/contracts/messages';
import type { Request } from '../local/actor.js';

/** A message of a contract, as it is sent: its `type` is what it is called among processes. */
export type Wire<Name extends string, Message> = { readonly type: Name } & Readonly<Message>;

/** A call from this process, whose request is passed on as it is. */
export interface GrainCall extends Request<GrainAnswer> {
  readonly type: 'GrainCall';
  readonly kind: string;
  readonly identity: string;
  readonly method: string;
  readonly request: unknown;
  /** Monotonic. */
  readonly deadlineAt: number;
}

/** A call from another process. */
export type GrainRequest = Wire<'$GrainRequest', actors.GrainRequest> & Request<GrainAnswer>;

/** The method's answer to a call from this process. */
export interface GrainResult {
  readonly type: 'GrainResult';
  readonly result: unknown;
}

export type GrainFailure = Wire<'$GrainFailure', actors.GrainFailure>;
export type GrainNotStarted = Wire<'$GrainNotStarted', actors.GrainNotStarted>;
export type NotOwner = Wire<'$NotOwner', actors.NotOwner>;

export type GrainAnswer =
  GrainResult | Wire<'$GrainResponse', actors.GrainResponse> | GrainFailure | GrainNotStarted | NotOwner;

/** What members say to each other about the grains that they hand over. */
export type HandOverMessage =
  | Wire<'$HandOver', actors.HandOver>
  | Wire<'$HandedOver', actors.HandedOver>
  | Wire<'$Release', actors.Release>
  | Wire<'$Released', actors.Released>
  | Wire<'$Leaving', actors.Leaving>
  | Wire<'$Left', actors.Left>;

/** To an activation: runs a method. */
export interface Invoke {
  readonly type: 'Invoke';
  readonly method: string;
  readonly request: unknown;
  /** Monotonic. */
  readonly deadlineAt: number;
  /** Monotonic. A call that has waited for longer is not begun. */
  readonly beginBy: number;
}

/** From an activation to `$grains`. It goes on answering what it is sent, until it is poisoned. */
export interface ActivationEnds {
  readonly type: 'ActivationEnds';
  readonly key: string;
  readonly reason: 'idle' | 'failed' | 'stepped-down';
}

/** To `$grains`: hand everything over. Answered when nothing is active any more. */
export interface Leave extends Request<true> {
  readonly type: 'Leave';
}

export type GrainsMessage =
  | GrainCall
  | GrainRequest
  | HandOverMessage
  | ActivationEnds
  | Leave
  | { readonly type: 'TopologyChanged' }
  | { readonly type: 'Tick' };

/** From a process that may have been given up: the caller finds who owns the grain by then. */
export function stoodStill(key: string): GrainNotStarted {
  const message = `the process of ${key} stood still for longer than its lease, and begins anew`;
  return { type: '$GrainNotStarted', code: 'STOOD_STILL', message };
}
