import type { Actor, ActorContext, ActorRecipe, Received, Request } from '../local/actor.js';
import { type ActorSystem, coreOf } from '../local/actor-system.js';
import { ANY_INCARNATION, type AnyPid, type Pid } from '../local/pid.js';
import { Props } from '../local/props.js';
import type { SystemCore } from '../local/system-core.js';
import { RoutingFailed } from './routing-failed.js';
import type { RoutingStrategy } from './strategies.js';

interface GetRoutees<M> extends Request<readonly Pid<M>[]> {
  readonly type: 'GetRoutees';
}

/** What a router understands itself, instead of passing it on. */
export type RouterMessage<M> =
  | { readonly type: 'AddRoutee'; readonly routee: Pid<M> }
  | { readonly type: 'RemoveRoutee'; readonly routee: Pid<M> }
  | GetRoutees<M>
  /** Goes to all, whatever the strategy. */
  | { readonly type: 'Broadcast'; readonly message: M };

/**
 * A router that spawns `size` actors of `recipe` as its children and shares messages out among them. One that stops for good
 * is not replaced; the router stops with the last. `withStrategy` on the result says how they are supervised.
 */
export function routerPool<M>(
  size: number,
  recipe: ActorRecipe<M>,
  strategy: () => RoutingStrategy,
): Props<M | RouterMessage<M>> {
  if (!Number.isInteger(size) || size < 1) throw new RangeError(`a pool has at least 1 routee, not ${size}`);
  return Props.fromProducer(() => new Router(strategy(), (context) => spawnMany(size, recipe, context), true));
}

/**
 * A router over actors that exist already. One that ends is left out from then on; one that is given by name stays, whoever has
 * the name.
 */
export function routerGroup<M>(
  routees: readonly Pid<M>[],
  strategy: () => RoutingStrategy,
): Props<M | RouterMessage<M>> {
  return Props.fromProducer(() => new Router(strategy(), () => routees, false));
}

function spawnMany<M>(size: number, recipe: ActorRecipe<M>, context: ActorContext<never>): readonly Pid<M>[] {
  return Array.from({ length: size }, () => context.spawn(recipe));
}

type Routed<M> = M | RouterMessage<M>;

class Router<M> implements Actor<Routed<M>> {
  private routees: readonly Pid<M>[] = [];

  constructor(
    private readonly strategy: RoutingStrategy,
    private readonly findRoutees: (context: ActorContext<never>) => readonly Pid<M>[],
    private readonly isPool: boolean,
  ) {}

  receive(message: Received<Routed<M>>, context: ActorContext<Routed<M>>): void {
    switch (typeOf(message)) {
      case 'Started':
        return this.add(context, ...this.findRoutees(context as unknown as ActorContext<never>));
      case 'Terminated':
        return this.lost((message as { who: AnyPid }).who, context);
      case 'AddRoutee':
        return this.add(context, (message as { routee: Pid<M> }).routee);
      case 'RemoveRoutee':
        return this.remove(context, (message as { routee: Pid<M> }).routee);
      case 'GetRoutees':
        return context.reply(this.routees);
      case 'Broadcast':
        return this.pass(context, this.routees, (message as { message: M }).message);
      default:
        if (!OF_THE_RUNTIME.has(typeOf(message))) this.route(message as M, context);
    }
  }

  private route(message: M, context: ActorContext<Routed<M>>): void {
    const { routees } = this;
    const { book } = coreInside(context);
    let chosen: readonly Pid<M>[] = [];
    try {
      if (routees.length > 0) chosen = this.strategy(routees, message, (routee) => book.processOf(routee).load);
    } catch (error) {
      return this.unrouted(message, error, context);
    }
    this.pass(context, chosen, message);
  }

  /** One message is no reason to lose the routees of a pool, with all that waits for them. */
  private unrouted(message: M, error: unknown, context: ActorContext<Routed<M>>): void {
    const { self, sender } = context;
    const core = coreInside(context);
    core.reportError(self, error, message);
    core.tellFailed(sender, self, error);
    core.deadLetter(self, message, sender, 'not-routed');
    core.events.publish(new RoutingFailed(self, message, error));
  }

  /** With the sender and headers of the message at hand: who asks a router is answered by a routee. */
  private pass(context: ActorContext<Routed<M>>, routees: readonly Pid<M>[], message: M): void {
    if (routees.length === 0) return context.forward(context.system.nobody, message);
    for (const routee of routees) context.forward(routee, message);
  }

  private add(context: ActorContext<Routed<M>>, ...routees: readonly Pid<M>[]): void {
    for (const routee of routees) {
      if (this.routees.some((one) => one.equals(routee))) continue;
      // A name stands for nobody in particular, whose end could be told.
      if (routee.incarnation !== ANY_INCARNATION) context.watch(routee);
      this.routees = [...this.routees, routee];
    }
  }

  /** One of a pool has nobody else to work for: it ends when it has done what it was given. */
  private remove(context: ActorContext<Routed<M>>, routee: Pid<M>): void {
    if (!this.routees.some((one) => one.equals(routee))) return;
    this.routees = this.routees.filter((one) => !one.equals(routee));
    if (this.isPool) context.poison(routee);
    else context.unwatch(routee);
  }

  private lost(who: AnyPid, context: ActorContext<Routed<M>>): void {
    this.routees = this.routees.filter((one) => !one.equals(who));
    // Some that were taken out may have work left.
    if (this.isPool && this.routees.length === 0 && context.children.length === 0) context.stop();
  }
}

/** What an actor is shown of its system is the system itself. */
function coreInside({ system }: Pick<ActorContext, 'system'>): SystemCore {
  return coreOf(system as ActorSystem);
}

/** Concerns the router alone: no routee is to hear of it. */
const OF_THE_RUNTIME: ReadonlySet<unknown> = new Set([
  'Restarting',
  'Stopping',
  'Stopped',
  'ReceiveTimeout',
  'Rejected',
]);

function typeOf(message: unknown): unknown {
  return typeof message === 'object' && message !== null ? (message as { readonly type?: unknown }).type : undefined;
}
