import type { GrainContext, GrainHooks, GrainOptions } from '@rookery/actors';
import { type GrainClientType, GrainOf, type GrainType } from '@rookery/actors-nest';
import type { MethodDefinition } from '@rookery/contracts/nest';
import { FenceLostError } from '@rookery/eventsourcing';
import { AggregateHosting } from './aggregate-hosting.js';
import type { AnyAggregate, AnyHost } from './any-aggregate.js';
import { CommandScope, runInCommandScope } from './command-scope.js';

const PARAMETER_TYPES = 'design:paramtypes';

/** What an activation has beside what its class says. */
interface Hosting {
  readonly hosting: AggregateHosting;
  host: AnyHost | undefined;
}

type Method = (request: unknown, context: GrainContext) => unknown;
type Activation = object & GrainHooks;

/** By activation. */
const hostings = new WeakMap<object, Hosting>();

/**
 * The class of the grains that host aggregates of one kind, one each: the grain's identity is the aggregate's id. Its methods
 * translate, and have handlers work by the buses of `@nestjs/cqrs`; those reach the aggregate by `Aggregates`. Calls of a
 * grain interleave, its commands do not: the aggregate decides one at a time. What a method needs of its context it takes
 * before its first `await`. Listed like any grain, in `ActorsModule.forFeature`.
 */
export function AggregateGrain<Client extends object>(
  client: GrainClientType<Client>,
  aggregate: AnyAggregate,
  options: GrainOptions = {},
): <Type extends GrainType<Client>>(type: Type) => Type {
  return (type) => {
    const hosted = hostedClass(type, aggregate);
    for (const method of client.definition.methods) host(hosted, method, aggregate);
    GrainOf(client, options)(hosted);
    return hosted;
  };
}

/** The class with what hosting needs ahead of what its constructor takes. */
function hostedClass<Type extends GrainType>(type: Type, aggregate: AnyAggregate): Type {
  const base = type as unknown as new (...dependencies: unknown[]) => Activation;
  class Hosted extends base implements GrainHooks {
    constructor(hosting: AggregateHosting, ...dependencies: unknown[]) {
      super(...dependencies);
      hostings.set(this, { hosting, host: undefined });
    }

    override async activate(context: GrainContext): Promise<void> {
      const own = hostingOf(this);
      own.host = own.hosting.hostOf(aggregate, context.identity);
      // Not waited for: a call waits by itself, and no longer than its deadline allows.
      own.host.begin();
      await super.activate?.(context);
    }

    override async deactivate(context: GrainContext): Promise<void> {
      await super.deactivate?.(context);
      await hostingOf(this).host?.drain();
    }
  }
  Object.defineProperty(Hosted, 'name', { value: type.name });
  const dependencies = (Reflect.getMetadata(PARAMETER_TYPES, type) ?? []) as readonly unknown[];
  Reflect.defineMetadata(PARAMETER_TYPES, [AggregateHosting, ...dependencies], Hosted);
  return Hosted as unknown as Type;
}

function host({ prototype }: GrainType, method: MethodDefinition, aggregate: AnyAggregate): void {
  const run = (prototype as Readonly<Record<string, Method | undefined>>)[method.property];
  // What the class lacks the runtime refuses by name.
  if (run === undefined) return;
  Object.defineProperty(prototype, method.property, {
    value(this: object, request: unknown, context: GrainContext): Promise<unknown> {
      const { host: own, hosting } = hostingOf(this);
      if (own === undefined) throw new TypeError('a grain is activated before it is called');
      const scope = new CommandScope(aggregate, context.identity, own, hosting.factsOf(method, request, context));
      context.interleave();
      return runInCommandScope(scope, async () => {
        try {
          return await run.call(this, request, context);
        } catch (error) {
          // Another activation writes: the call is made again by its caller, wherever the grain is active then.
          if (error instanceof FenceLostError) return context.stepDown();
          throw error;
        }
      });
    },
  });
}

function hostingOf(activation: object): Hosting {
  const hosting = hostings.get(activation);
  if (hosting === undefined) throw new TypeError('not an activation of a class that @AggregateGrain stands above');
  return hosting;
}
