import type { Clock, Random } from '@rookery/runtime';
import type { AnyPid } from './pid.js';
import type { RestartStatistics } from './restart-statistics.js';

/**
 * What becomes of a failed actor. `resume`: it goes on with its state, less the message. `restart`: a new instance behind the
 * same Pid and mailbox. `stop`: it ends. `escalate`: its supervisor fails in turn.
 */
export type Directive = 'resume' | 'restart' | 'stop' | 'escalate';

/** A child that threw. */
export interface Failure {
  readonly child: AnyPid;
  readonly error: unknown;
  /** The message that it was handling. It has been consumed and does not come again. */
  readonly message: unknown;
}

/** Chooses a directive for a failure. */
export type Decider = (failure: Failure) => Directive;

/** A child as its supervisor sees it. */
export interface SupervisedChild {
  readonly pid: AnyPid;
  readonly statistics: RestartStatistics;
}

/** What a strategy can see and do. Everything that it does becomes a supervision event. */
export interface SupervisorView {
  /** In the order in which they were spawned. */
  readonly children: readonly SupervisedChild[];
  readonly clock: Clock;
  readonly random: Random;
  resume(child: SupervisedChild): void;
  /** The child takes no messages until it has been made again, `delayMs` from now. */
  restart(child: SupervisedChild, delayMs?: number): void;
  stop(child: SupervisedChild): void;
  /** Fails the supervisor with what failed the child. */
  escalate(child: SupervisedChild): void;
}

/** The rule by which a supervisor answers failures of its children. */
export interface SupervisionStrategy {
  /** `decide` is the supervisor's own opinion, if it has one. Called in the supervisor's turn. */
  handle(failure: Failure, child: SupervisedChild, view: SupervisorView, decide: Decider | undefined): void;
}

/** Published on the event stream for each directive. */
export class SupervisionEvent {
  readonly type = 'SupervisionEvent';

  constructor(
    /** Undefined: the root guardian. */
    readonly supervisor: AnyPid | undefined,
    readonly child: AnyPid,
    readonly directive: Directive,
    readonly error: unknown,
  ) {}
}
