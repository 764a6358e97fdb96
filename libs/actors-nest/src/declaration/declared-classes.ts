import { type Actor, type ActorRecipe, type GrainHooks, Props } from '@rookery/actors';
import { type GrainDeclaration, grainDeclarationOf, type GrainType } from './grain-of.js';
import { type ActorType, type RootActorOptions, rootActorOptionsOf } from './root-actor.js';

/** A class that `@RootActor` or `@GrainOf` stands above. */
export type DeclaredType = ActorType | GrainType;

export interface DeclaredActor {
  readonly type: DeclaredType;
  readonly name: string;
  readonly recipe: ActorRecipe;
}

export interface DeclaredGrain extends GrainDeclaration {
  readonly type: DeclaredType;
  readonly produce: () => object & GrainHooks;
}

/** The actors and grains of this service, as its modules declare them. Complete when the application starts. */
export class DeclaredClasses {
  private readonly byName = new Map<string, DeclaredActor>();
  private readonly byKind = new Map<string, DeclaredGrain>();

  get actors(): readonly DeclaredActor[] {
    return [...this.byName.values()];
  }

  get grains(): readonly DeclaredGrain[] {
    return [...this.byKind.values()];
  }

  hasKind(kind: string): boolean {
    return this.byKind.has(kind);
  }

  /** A class, and what its constructor takes: each instance is made of that, and of none is account kept. */
  add(type: DeclaredType, dependencies: readonly never[]): void {
    const actor = rootActorOptionsOf(type);
    if (actor !== undefined) return this.addActor(type as ActorType, actor, dependencies);
    const grain = grainDeclarationOf(type);
    if (grain === undefined) throw new TypeError(`${type.name} is no actor: put @RootActor, @GrainOf or @AggregateGrain above it`);
    this.addGrain(type, grain, dependencies);
  }

  private addActor(type: ActorType, options: RootActorOptions, dependencies: readonly never[]): void {
    const { name } = options;
    refuseAnother(this.byName.get(name)?.type, type, `the name ${name}`);
    this.byName.set(name, { type, name, recipe: recipeOf(type, options, dependencies) });
  }

  private addGrain(type: GrainType, declaration: GrainDeclaration, dependencies: readonly never[]): void {
    const { name } = declaration.definition;
    refuseAnother(this.byKind.get(name)?.type, type, `grains of ${name}`);
    this.byKind.set(name, { type, ...declaration, produce: () => new type(...dependencies) });
  }
}

function refuseAnother(known: DeclaredType | undefined, type: DeclaredType, what: string): void {
  if (known === undefined || known === type) return;
  throw new TypeError(`${known.name} and ${type.name} are both declared for ${what}`);
}

function recipeOf(
  type: ActorType,
  { guardian, mailbox, stashCapacity, strategy }: RootActorOptions,
  dependencies: readonly never[],
): ActorRecipe {
  // Its Pid says what it may be sent; the runtime hands on whatever comes.
  let props = Props.fromProducer(() => new type(...dependencies) as Actor);
  if (mailbox !== undefined) props = props.withMailbox(mailbox);
  if (strategy !== undefined) props = props.withStrategy(strategy);
  if (guardian !== undefined) props = props.withGuardian(guardian);
  return stashCapacity === undefined ? props : props.withStashCapacity(stashCapacity);
}
