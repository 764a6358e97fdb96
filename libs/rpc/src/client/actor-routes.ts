import type { Scheduler } from '@rookery/runtime';

import type { ActorRoute, ActorRouteListener, ActorTarget } from './actor-route.port.js';
import { InstanceRoute } from './instance-route.js';
import type { ProviderConnection } from './provider-connection.js';

/** What routes ask of the pool whose connections they go by. */
export interface RouteGround {
  /** The best connection to this incarnation. */
  connectionTo(target: ActorTarget): ProviderConnection | undefined;
  /** It said goodbye, and no link to it stands. */
  hasLeft(target: ActorTarget): boolean;
  /** The registry lists another incarnation of the instance, and not this one. */
  isReplaced(target: ActorTarget): boolean;
}

const REPLACED = 'the registry lists another incarnation';

/** The actor routes to instances of one service: one for each incarnation at most. */
export class ActorRoutes {
  private readonly routes = new Map<string, InstanceRoute>();

  constructor(
    private readonly ground: RouteGround,
    private readonly scheduler: Scheduler,
  ) {}

  /** Throws when there is a route to this incarnation already. */
  open(target: ActorTarget, listener: ActorRouteListener): ActorRoute {
    const key = keyOf(target);
    if (this.routes.has(key)) throw new Error(`there is an actor route to ${key} already`);
    const route = new InstanceRoute(target, listener, () => this.routes.delete(key));
    this.routes.set(key, route);
    this.place(route);
    const { ground } = this;
    const end = ground.hasLeft(target) ? 'it said goodbye' : ground.isReplaced(target) ? REPLACED : undefined;
    if (end !== undefined) this.scheduler.macrotask(() => route.gone(end));
    return route;
  }

  /** There is a connection more. */
  joined({ target }: ProviderConnection): void {
    const route = this.routes.get(keyOf(target));
    if (route?.isFollowing === false) this.place(route);
  }

  /** A connection is given up. While one that said goodbye has a link, its actors hand over. */
  dropped(connection: ProviderConnection, reason: string): void {
    const route = this.routes.get(keyOf(connection.target));
    if (route === undefined || connection.state === 'leaving') return;
    if (route.unfollow(connection, reason)) this.place(route);
  }

  /** The registry's list is another. */
  review(): void {
    for (const route of [...this.routes.values()]) if (this.ground.isReplaced(route.target)) route.gone(REPLACED);
  }

  /** No link is there any more, also of those that only actors kept. */
  close(reason: string): void {
    for (const route of [...this.routes.values()]) {
      route.down(reason);
      route.close();
    }
  }

  private place(route: InstanceRoute): void {
    const connection = this.ground.connectionTo(route.target);
    if (connection !== undefined) route.follow(connection);
  }
}

function keyOf({ instanceId, incarnation }: ActorTarget): string {
  return `${instanceId}/${incarnation}`;
}
