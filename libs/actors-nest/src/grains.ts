import { Injectable } from '@nestjs/common';
import type { GrainCallOptions, GrainClientClass } from '@rookery/actors';
import { currentScope, DEFAULT_TIMEOUT_MS } from '@rookery/rpc';
import { Clock, DomainError } from '@rookery/runtime';
import { LiveActors } from './life/live-actors.js';
import { MessageScope } from './trace/message-scope.js';

interface Addressed {
  readonly identity: string;
}

type Method = (request: unknown, options?: GrainCallOptions) => Promise<unknown>;

/** The grains of the cluster, for whoever is no actor and for actors alike. */
@Injectable()
export class Grains {
  private readonly prototypes = new WeakMap<object, object>();

  constructor(
    private readonly live: LiveActors,
    private readonly clock: Clock,
  ) {}

  /**
   * One grain, wherever it is active; may be kept. Its calls end with the deadline of the call being served, or after
   * `timeoutMs`, and reject as `Cluster.grain` says.
   */
  get<Client extends object>(client: GrainClientClass<Client>, identity: string): Client {
    let prototype = this.prototypes.get(client);
    if (prototype === undefined) {
      prototype = this.prototypeOf(client);
      this.prototypes.set(client, prototype);
    }
    return Object.create(prototype, { identity: { value: identity } }) as Client;
  }

  /** A method of a grain, by the cluster of now. When its actor system ends for another to take over, by the next one. */
  async call(
    client: GrainClientClass<object>,
    identity: string,
    property: string,
    request: unknown,
    options: GrainCallOptions,
  ): Promise<unknown> {
    const endsAt = this.clock.monotonic() + this.timeLeft(options.timeoutMs);
    for (;;) {
      if (this.live.current === undefined) await this.live.renewed(endsAt - this.clock.monotonic());
      const { generation } = this.live;
      const grain = generation.cluster.grain(client, identity) as Readonly<Record<string, Method>>;
      try {
        return await grain[property]?.(request, { ...options, timeoutMs: endsAt - this.clock.monotonic() });
      } catch (error) {
        if (generation === this.live.current || !isRepeatable(error)) throw error;
      }
    }
  }

  private prototypeOf(client: GrainClientClass<object>): object {
    const call: Grains['call'] = (...given) => this.call(...given);
    const methods = client.definition.methods.map(({ property }) => [
      property,
      {
        value(this: Addressed, request: unknown, options: GrainCallOptions = {}): Promise<unknown> {
          return call(client, this.identity, property, request, options);
        },
      },
    ]);
    return Object.create(client.prototype, Object.fromEntries(methods) as PropertyDescriptorMap) as object;
  }

  private timeLeft(timeoutMs: number = DEFAULT_TIMEOUT_MS): number {
    const scope = currentScope();
    const deadlineAt = scope instanceof MessageScope ? scope.callEndsAt : scope?.deadlineAt;
    if (deadlineAt === undefined) return timeoutMs;
    return Math.max(0, Math.min(timeoutMs, deadlineAt - this.clock.monotonic()));
  }
}

/** What was cut off and may not be repeated is another error. */
function isRepeatable(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'SYSTEM_STOPPED';
}
