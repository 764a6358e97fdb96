import { Injectable } from '@nestjs/common';
import {
  type GrainCallOptions,
  type GrainClientClass,
  GrainClients,
  type GrainContract,
  type GrainMethod,
} from '@rookery/actors';
import { currentScope, DEFAULT_TIMEOUT_MS } from '@rookery/rpc';
import { Clock, DomainError } from '@rookery/runtime';
import { LiveActors } from './life/live-actors.js';

/** The grains of the cluster, for whoever is no actor and for actors alike. */
@Injectable()
export class Grains {
  private readonly clients = new GrainClients((...given) => this.call(...given));

  constructor(
    private readonly live: LiveActors,
    private readonly clock: Clock,
  ) {}

  /**
   * One grain, wherever it is active; may be kept. Its calls end with the deadline of the call being served, or after
   * `timeoutMs`, and reject as `Cluster.grain` says.
   */
  get<Client extends object>(client: GrainClientClass<Client>, identity: string): Client {
    return this.clients.client(client, identity);
  }

  /** A method of a grain, by the cluster of now. When its actor system ends for another to take over, by the next one. */
  async call(
    contract: GrainContract,
    identity: string,
    method: GrainMethod,
    request: unknown,
    options: GrainCallOptions = {},
  ): Promise<unknown> {
    const endsAt = this.clock.monotonic() + this.timeLeft(options.timeoutMs);
    for (;;) {
      if (this.live.current === undefined) await this.live.renewed(endsAt - this.clock.monotonic());
      const { generation } = this.live;
      const timeoutMs = endsAt - this.clock.monotonic();
      try {
        return await generation.cluster.call(contract, identity, method, request, { ...options, timeoutMs });
      } catch (error) {
        if (generation === this.live.current || !isRepeatable(error)) throw error;
      }
    }
  }

  private timeLeft(timeoutMs: number = DEFAULT_TIMEOUT_MS): number {
    const deadlineAt = currentScope()?.deadlineAt;
    if (deadlineAt === undefined) return timeoutMs;
    return Math.max(0, Math.min(timeoutMs, deadlineAt - this.clock.monotonic()));
  }
}

/** What was cut off and may not be repeated is another error. */
function isRepeatable(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'SYSTEM_STOPPED';
}
