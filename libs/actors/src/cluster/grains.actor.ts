import type { actors } from '@rookery/contracts/messages';
import { DomainError } from '@rookery/runtime';
import type { Actor, ActorContext, Received } from '../local/actor.js';
import { targetFailed } from '../local/errors.js';
import type { LifecycleMessage } from '../local/lifecycle-messages.js';
import { Props } from '../local/props.js';
import { toFailure } from '../remote/failure.mapper.js';
import { Activations } from './activations.js';
import type { GrainMethod } from './grain-contract.js';
import { type GrainKind, readRequest, unimplemented, validateRequest } from './grain-kind.js';
import { type GrainAnswer, type GrainCall, type GrainsMessage, stoodStill } from './grain-messages.js';
import { grainKey } from './grain-place.js';
import type { GrainsParts } from './grains-parts.js';
import { HandOver } from './hand-over.js';
import { TopologyChanged } from './topology.js';

const TICK_MS = 500;
/** Of a call's time. */
const WAITED_TOO_LONG = 0.95;
const TICK = 'tick';

/**
 * The grains of one process, under the name `$grains`: takes the calls of those that the process owns as it sees the cluster,
 * and refuses those of others with word of their owner.
 */
export function grainsProps(parts: GrainsParts): Props<GrainsMessage> {
  return Props.fromProducer(() => new GrainsActor(parts));
}

class GrainsActor implements Actor<GrainsMessage> {
  private grains: Grains | undefined;

  constructor(private readonly parts: GrainsParts) {}

  receive(message: Received<GrainsMessage>, context: ActorContext<GrainsMessage>): void {
    if (message.type === 'Stopped') return this.parts.stopped();
    this.grains ??= new Grains(this.parts, context);
    this.grains.receive(message);
  }
}

class Grains {
  private readonly activations: Activations;
  private readonly handOver: HandOver;

  constructor(
    private readonly parts: GrainsParts,
    private readonly context: ActorContext<GrainsMessage>,
  ) {
    this.activations = new Activations(parts, context);
    this.handOver = new HandOver(parts, this.activations, context);
    context.subscribe(TopologyChanged);
  }

  receive(message: Received<GrainsMessage>): void {
    this.handle(message);
    this.keepTicking();
  }

  private handle(message: Received<GrainsMessage>): void {
    switch (message.type) {
      case 'GrainCall':
        return this.take(message, message.deadlineAt, () => message.request);
      case '$GrainRequest':
        return this.takeRequest(message);
      case 'ActivationEnds':
        return this.activations.announced(message, this.context.sender);
      case 'Terminated':
        return this.terminated(message);
      case 'TopologyChanged':
        // The view of now: several changes may have come since.
        return this.handOver.install(this.parts.view());
      case 'Tick':
        return this.tick();
      default:
        if (!isLifecycle(message)) this.handOver.receive(message);
    }
  }

  private tick(): void {
    this.activations.tick();
    this.handOver.tick();
  }

  /** Time matters only while somebody waits. */
  private keepTicking(): void {
    const { timers } = this.context;
    const isNeeded = this.handOver.isOpen || this.activations.restless.size > 0;
    if (isNeeded === timers.isActive(TICK)) return;
    if (isNeeded) timers.startPeriodic(TICK, { type: 'Tick' }, TICK_MS);
    else timers.cancel(TICK);
  }

  private terminated({ who }: Extract<LifecycleMessage, { readonly type: 'Terminated' }>): void {
    const place = this.activations.ended(who);
    if (place !== undefined) this.handOver.ended(place);
  }

  private takeRequest(message: actors.GrainRequest): void {
    const deadlineAt = this.parts.core.clock.monotonic() + message.remainingMs;
    this.take(message, deadlineAt, (method) => readRequest(method, message.payload));
  }

  private take(
    { identity, kind, method: name }: Pick<GrainCall, 'kind' | 'identity' | 'method'>,
    deadlineAt: number,
    read: (method: GrainMethod) => unknown,
  ): void {
    if (!this.parts.isAwake()) return this.context.reply(stoodStill(grainKey(kind, identity)));
    if (!this.handOver.view.isOurs(kind, identity)) {
      this.parts.observer.refused(kind, 'not-owner');
      return this.context.reply(this.handOver.view.notOwner(kind, identity));
    }
    try {
      const own = this.kindOf(kind, name);
      const method = own.method(name);
      const request = read(method);
      validateRequest(method, request);
      const place = this.activations.call(own, identity, {
        ...{ type: 'Invoke', method: name, request, deadlineAt },
        beginBy: this.latestStart(deadlineAt),
      });
      if (place !== undefined) this.handOver.seek(place);
    } catch (error) {
      this.answerFailure(error);
    }
  }

  /**
   * A call that has waited for nearly all of its time is not begun. Grains that call each other in a circle would go on for
   * ever otherwise: each would take up the other's call just when the one before has ended by its deadline.
   */
  private latestStart(deadlineAt: number): number {
    const now = this.parts.core.clock.monotonic();
    return now + WAITED_TOO_LONG * (deadlineAt - now);
  }

  private kindOf(kind: string, method: string): GrainKind {
    const own = this.parts.kinds.get(kind);
    if (own === undefined) throw unimplemented(kind, method);
    return own;
  }

  private answerFailure(error: unknown): void {
    const { self } = this.context;
    if (!(error instanceof DomainError)) this.parts.core.reportError(self, error, this.context.message);
    const failure = toFailure(targetFailed(self, error));
    this.context.reply({ type: '$GrainFailure', failure } satisfies GrainAnswer);
  }
}

const LIFECYCLE: Readonly<Record<LifecycleMessage['type'], true>> = {
  Started: true,
  Restarting: true,
  Stopping: true,
  Stopped: true,
  ReceiveTimeout: true,
  Terminated: true,
  Rejected: true,
};

function isLifecycle(message: { readonly type: string }): message is LifecycleMessage {
  return Object.hasOwn(LIFECYCLE, message.type);
}
