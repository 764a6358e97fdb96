import type { GrainClientClass, GrainContext, GrainHooks, GrainOptions } from '@rookery/actors';
import type { ServiceDefinition } from '@rookery/contracts/nest';

/** What a grain's class has, by the typed client of its contract. */
export type GrainMethodsOf<Client> = {
  readonly [Name in keyof Client]: Client[Name] extends (request: infer Req, ...rest: never[]) => Promise<infer Res>
    ? (request: Req, context: GrainContext) => Res | Promise<Res>
    : never;
};

/** A class whose instances are activations of a grain. Its constructor takes what Nest injects. */
export type GrainType<Client = object> = new (...dependencies: never[]) => GrainMethodsOf<Client> & GrainHooks;

/** The generated class of a grain's typed client. */
export type GrainClientType<Client> = GrainClientClass<Client> & { readonly definition: ServiceDefinition };

/** What a class was declared to be. */
export interface GrainDeclaration {
  readonly definition: ServiceDefinition;
  readonly options: GrainOptions;
}

const declared = new WeakMap<object, GrainDeclaration>();

/**
 * The class of the grains whose protocol is that of `client`. An instance is made for each activation, which knows
 * which grain it is by the context of its calls. Listed in `ActorsModule.forFeature`, and in no `providers`.
 */
export function GrainOf<Client extends object>(
  client: GrainClientType<Client>,
  options: GrainOptions = {},
): (type: GrainType<Client>) => void {
  const { definition } = client;
  if (!definition.isGrain) throw new TypeError(`${definition.name} is no grain: its contract lacks the option`);
  return (type) => void declared.set(type, { definition, options });
}

export function grainDeclarationOf(type: object): GrainDeclaration | undefined {
  return declared.get(type);
}
