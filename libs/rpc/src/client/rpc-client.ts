import type { Resolver } from '@rookery/discovery';
import type { Clock, Random, Scheduler } from '@rookery/runtime';

import { createBalancer, type BalancerName } from '../balancing/create-balancer.js';
import type { CallObserver } from '../call-observer.port.js';
import { ClientCredentials, type ClientSecurity } from '../security/client-credentials.js';
import type { ActorRoute, ActorRouteListener, ActorTarget } from './actor-route.port.js';
import type { ClientClass } from './client-class.js';
import { DeadlineWheel } from '@rookery/resilience';
import { ServiceChannel } from './service-channel.js';
import { bindClient } from './typed-client.js';

export interface RpcClientOptions {
  readonly resolver: Resolver;
  readonly clock: Clock;
  readonly random: Random;
  readonly scheduler: Scheduler;
  /** Where absent, nobody watches. */
  readonly observer?: CallObserver;
  readonly security: ClientSecurity;
  /** Who calls, as told to providers in the handshake. */
  readonly self: { readonly service: string; readonly instanceId: string; readonly incarnation: string };
  /** How to balance, by service; `p2c-ewma` where nothing is said. */
  readonly balancers?: Readonly<Record<string, BalancerName>>;
}

/** The way out of a process: one for all services, one channel for each, opened when it is first asked for. */
export class RpcClient {
  private readonly channels = new Map<string, ServiceChannel>();
  private readonly wheel: DeadlineWheel;
  /** How it speaks to instances, for who must connect to one by other means. */
  readonly credentials: ClientCredentials;
  private isClosed = false;

  constructor(private readonly options: RpcClientOptions) {
    this.wheel = new DeadlineWheel(options.clock, options.scheduler);
    this.credentials = new ClientCredentials(options.security);
  }

  /** The channel to a service, by its name in the registry. Throws when the client is closed. */
  channel(service: string): ServiceChannel {
    if (this.isClosed) throw new Error(`the rpc client is closed: no channel to ${service}`);
    let channel = this.channels.get(service);
    if (channel === undefined) {
      const name = this.options.balancers?.[service] ?? 'p2c-ewma';
      const balancer = createBalancer(name, this.options);
      channel = new ServiceChannel({
        ...this.options,
        service,
        balancer,
        wheel: this.wheel,
        credentials: this.credentials,
      });
      this.channels.set(service, channel);
    }
    return channel;
  }

  /** A client typed by its contract. `service` is who is called, where several services serve one contract. */
  client<T>(type: ClientClass<T>, service = type.definition.service): T {
    return bindClient(type, this.channel(service));
  }

  /**
   * Opens the way of actor frames to one incarnation of an instance. It waits silently while the registry does not list that
   * one. Throws when there is a route to it already, and when the client is closed.
   */
  actorRoute(target: ActorTarget, listener: ActorRouteListener): ActorRoute {
    return this.channel(target.service).actorRoute(target, listener);
  }

  /** Ends all connections; calls on their way fail, and so do later ones. */
  close(): Promise<void> {
    this.isClosed = true;
    for (const channel of this.channels.values()) channel.close();
    this.channels.clear();
    return Promise.resolve();
  }
}
