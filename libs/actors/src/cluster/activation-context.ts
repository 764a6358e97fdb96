import { type Clock, DomainError } from '@rookery/runtime';
import type { ActorContext, Surroundings } from '../local/actor.js';
import type { MessageHeaders } from '../local/message-headers.js';
import type { AnyPid, Pid } from '../local/pid.js';
import type { GrainContext } from './grain.js';

/** Ends the code of an activation that steps down. No caller sees it. */
export class SteppedDown extends DomainError {
  constructor() {
    super('STEPPED_DOWN', 'another activation writes for this grain', { kind: 'aborted' });
  }
}

export class ActivationContext implements GrainContext {
  isSteppingDown = false;
  /** Of the call at hand. Monotonic. */
  deadlineAt = Infinity;
  /** Whether the call at hand goes on outside of its turn. */
  isInterleaving = false;
  readonly #actor: ActorContext<never>;

  constructor(
    readonly kind: string,
    readonly identity: string,
    actor: ActorContext<never>,
    private readonly clock: Clock,
  ) {
    this.#actor = actor;
  }

  get self(): AnyPid {
    return this.#actor.self;
  }

  get system(): Surroundings {
    return this.#actor.system;
  }

  get headers(): MessageHeaders {
    return this.#actor.headers;
  }

  get sender(): Pid | undefined {
    return this.#actor.sender;
  }

  get remainingMs(): number {
    return Math.max(0, this.deadlineAt - this.clock.monotonic());
  }

  get signal(): AbortSignal {
    return this.#actor.signal;
  }

  interleave(): void {
    this.isInterleaving = true;
  }

  stepDown(): never {
    this.isSteppingDown = true;
    throw new SteppedDown();
  }
}
