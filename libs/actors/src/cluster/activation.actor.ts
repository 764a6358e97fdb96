import { type Clock, DomainError } from '@rookery/runtime';
import type { Actor, ActorContext, Received } from '../local/actor.js';
import type { Carrier } from '../local/carrier.port.js';
import { targetFailed } from '../local/errors.js';
import type { AnyPid, Pid } from '../local/pid.js';
import { toFailure } from '../remote/failure.mapper.js';
import type { ClusterObserver } from './cluster-observer.port.js';
import type { GrainHooks } from './grain.js';
import { ActivationContext, SteppedDown } from './activation-context.js';
import { type GrainKind, unimplemented } from './grain-kind.js';
import type { GrainMethod } from './grain-contract.js';
import {
  type ActivationEnds,
  type GrainAnswer,
  type GrainFailure,
  type GrainNotStarted,
  type GrainsMessage,
  type Invoke,
  stoodStill,
} from './grain-messages.js';

/** What an activation is of, and what it needs of its process. */
export interface ActivationParts {
  readonly key: string;
  readonly kind: GrainKind;
  readonly identity: string;
  readonly clock: Clock;
  readonly carrier: Carrier | undefined;
  readonly observer: ClusterObserver;
  /** False: the process may have been given up. */
  readonly isAwake: () => boolean;
  /** Hears of errors that are not meant for callers and that no supervisor hears of. */
  readonly report: (self: AnyPid, error: unknown) => void;
}

const ANSWERED_LATER = Symbol('answered later');

type Method = (request: unknown, context: ActivationContext) => unknown;

/**
 * A grain in memory. It answers every call that reaches it, also when it could not be activated: then with why. An error that
 * is not meant for callers makes it again, as that of any actor.
 */
export class Activation implements Actor<Invoke> {
  private grain: (object & GrainHooks) | undefined;
  private context: ActivationContext | undefined;
  /** What all calls are answered with, when it is over. */
  private end: GrainFailure | GrainNotStarted | undefined;
  /** Calls that are answered when they are done, in no turn. */
  private readonly open = new Set<Promise<void>>();

  constructor(private readonly parts: ActivationParts) {}

  receive(message: Received<Invoke>, context: ActorContext<Invoke>): void | PromiseLike<void> {
    switch (message.type) {
      case 'Started':
        return this.start(context);
      case 'Invoke':
        return this.invoke(message, context);
      case 'ReceiveTimeout':
        return this.open.size > 0 ? undefined : this.announceEnd('idle', context);
      case 'Stopping':
        return this.deactivate();
      default:
        return;
    }
  }

  private start(context: ActorContext<Invoke>): void | PromiseLike<void> {
    const { clock, identity, kind, observer } = this.parts;
    this.context = new ActivationContext(kind.name, identity, context as unknown as ActorContext<never>, clock);
    context.setReceiveTimeout(kind.passivateAfterMs);
    return settled(
      () => {
        this.grain = kind.produce(identity);
        return this.grain.activate?.(this.context as ActivationContext);
      },
      () => observer.activated(kind.name),
      (error) => this.giveUp(error, context),
    );
  }

  private invoke(message: Received<Invoke> & Invoke, context: ActorContext<Invoke>): void | PromiseLike<void> {
    if (this.end !== undefined) return context.reply(this.end);
    if (!this.parts.isAwake()) return context.reply(stoodStill(this.parts.key));
    // Nobody waits for it any more, or not for long enough.
    if (message.beginBy <= this.parts.clock.monotonic()) return;
    const method = this.parts.kind.method(message.method);
    return settled(
      () => this.call(method, message, context),
      (result) => this.answer(method, result, context),
      (error) => this.answerFailure(error, context),
    );
  }

  private call(
    method: GrainMethod,
    { deadlineAt, request }: Pick<Invoke, 'deadlineAt' | 'request'>,
    actor: ActorContext<Invoke>,
  ): unknown {
    const { carrier, kind } = this.parts;
    const grain = this.grain as Readonly<Record<string, unknown>>;
    const run = grain[method.property];
    if (typeof run !== 'function') throw unimplemented(kind.name, method.name);
    const context = this.context as ActivationContext;
    context.deadlineAt = deadlineAt;
    context.isInterleaving = false;
    const work = (): unknown => (run as Method).call(grain, request, context);
    const result = carrier === undefined ? work() : carrier.runUntil(deadlineAt, work);
    if (!context.isInterleaving) return result;
    this.interleave(method, Promise.resolve(result), actor);
    return ANSWERED_LATER;
  }

  /** Answers when the promise has settled, outside of any turn: other calls are handled meanwhile. */
  private interleave(method: GrainMethod, result: Promise<unknown>, context: ActorContext<Invoke>): void {
    const { sender } = context;
    const tell = (message: GrainAnswer): void => {
      if (sender !== undefined && this.parts.isAwake()) context.tell(sender, message);
    };
    const open: Promise<void> = result
      .then(
        (value) => tell(answerFor(sender, context.self, method, value)),
        (error: unknown) => tell(this.failureOutside(error, context)),
      )
      .finally(() => this.done(open, context));
    this.open.add(open);
  }

  private done(open: Promise<void>, context: ActorContext<Invoke>): void {
    this.open.delete(open);
    // It is idle from now on, and not since the last call came.
    if (this.open.size === 0) context.setReceiveTimeout(this.parts.kind.passivateAfterMs);
  }

  private failureOutside(error: unknown, context: ActorContext<Invoke>): GrainAnswer {
    if (error instanceof SteppedDown) {
      if (this.end === undefined) this.giveUp(error, context);
      return steppedDown(this.parts);
    }
    if (!(error instanceof DomainError)) this.parts.report(context.self, error);
    return failureOf(error, context);
  }

  private answer(method: GrainMethod, result: unknown, context: ActorContext<Invoke>): void {
    if (result === ANSWERED_LATER) return;
    // Whatever its code made of the error by which it was told to step down.
    if (this.context?.isSteppingDown === true) return this.answerFailure(new SteppedDown(), context);
    const { sender, self } = context;
    // One that took so long that others may answer by now says nothing: its caller will hear that it was cut off.
    if (sender !== undefined && this.parts.isAwake()) context.reply(answerFor(sender, self, method, result));
  }

  private answerFailure(error: unknown, context: ActorContext<Invoke>): void {
    if (this.context?.isSteppingDown === true) {
      this.giveUp(error, context);
      return context.reply(this.end);
    }
    if (this.parts.isAwake()) context.reply(failureOf(error, context));
    // What is not meant for callers is for the supervisor.
    if (!(error instanceof DomainError)) throw error;
  }

  private giveUp(error: unknown, context: ActorContext<Invoke>): void {
    const isSteppingDown = this.context?.isSteppingDown === true;
    if (!(error instanceof DomainError)) this.parts.report(context.self, error);
    this.end = isSteppingDown ? steppedDown(this.parts) : failureOf(error, context);
    this.grain = undefined;
    this.announceEnd(isSteppingDown ? 'stepped-down' : 'failed', context);
  }

  private announceEnd(reason: ActivationEnds['reason'], context: ActorContext<Invoke>): void {
    const { parent } = context;
    if (parent === undefined) return context.stop();
    context.tell(parent as Pid<GrainsMessage>, { type: 'ActivationEnds', key: this.parts.key, reason });
  }

  private deactivate(): void | PromiseLike<void> {
    if (this.open.size > 0) return Promise.all(this.open).then(() => this.deactivate());
    if (this.context !== undefined) this.context.deadlineAt = Infinity;
    return this.grain?.deactivate?.(this.context as ActivationContext);
  }
}

/** To a caller in this process the result itself, to others its bytes. */
function answerFor(sender: AnyPid | undefined, self: AnyPid, method: GrainMethod, result: unknown): GrainAnswer {
  if (sender?.address === self.address) return { type: 'GrainResult', result };
  return { type: '$GrainResponse', payload: method.response.encode(result).finish() };
}

function failureOf(error: unknown, { self }: ActorContext<Invoke>): GrainFailure {
  return { type: '$GrainFailure', failure: toFailure(targetFailed(self, error)) };
}

function steppedDown({ key }: ActivationParts): GrainNotStarted {
  return { type: '$GrainNotStarted', code: 'STEPPED_DOWN', message: `${key} is written by another activation` };
}

/** Runs `code`, which may answer with a promise; what it does not wait for does not wait. */
function settled<T>(
  code: () => T | PromiseLike<T>,
  done: (result: T) => void,
  failed: (error: unknown) => void,
): void | PromiseLike<void> {
  let result: T | PromiseLike<T>;
  try {
    result = code();
  } catch (error) {
    return failed(error);
  }
  if (isPromise(result)) return result.then(done, failed);
  done(result);
}

function isPromise<T>(result: T | PromiseLike<T>): result is PromiseLike<T> {
  return typeof result === 'object' && result !== null && 'then' in result && typeof result.then === 'function';
}
