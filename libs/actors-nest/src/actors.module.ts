import { type DynamicModule, Module } from '@nestjs/common';
import { Actors } from './actors.js';
import { type ActorsOptions, ActorsPlan } from './actors-options.js';
import { DeclaredClasses, type DeclaredType } from './declaration/declared-classes.js';
import { featureProvider } from './declaration/feature-classes.js';
import { grainDeclarationOf } from './declaration/grain-of.js';
import { grainController } from './entry/grain-controller.js';
import { GrainEntry } from './entry/grain-entry.js';
import { sealedProvider } from './declaration/sealed-class.js';
import { Grains } from './grains.js';
import { ActorSurroundings } from './life/actor-surroundings.js';
import { LiveActors } from './life/live-actors.js';
import { ActorMetrics } from './watch/actor-metrics.js';
import { ActorsHttpController } from './watch/actors.http.controller.js';
import { GrainMetrics } from './watch/grain-metrics.js';

/** Actors and grains of a service of the kit. */
@Module({})
export class ActorsModule {
  /** Once, in the app's module: the actor system, its ways to other processes, and the cluster. */
  static forRoot(options: ActorsOptions = {}): DynamicModule {
    const watching = [ActorMetrics, GrainMetrics];
    const plan = { provide: ActorsPlan, useValue: new ActorsPlan(options) };
    return {
      module: ActorsModule,
      global: true,
      controllers: [ActorsHttpController],
      providers: [plan, DeclaredClasses, ActorSurroundings, LiveActors, ...watching, Actors, Grains, GrainEntry],
      exports: [Actors, Grains, GrainEntry],
    };
  }

  /** The classes of actors and grains that a module has. Their constructors take what any provider of that module may. */
  static forFeature(types: readonly DeclaredType[]): DynamicModule {
    const sealed = types.map(sealedProvider);
    const grains = types.flatMap((type) => grainDeclarationOf(type) ?? []);
    return {
      module: ActorsFeatureModule,
      // Known everywhere, so that whoever asks for an instance hears why there is none.
      imports: [{ module: SealedClassesModule, global: true, providers: sealed, exports: sealed }],
      controllers: grains.map(({ definition }) => grainController(definition)),
      providers: [featureProvider(types, Actors)],
    };
  }
}

class ActorsFeatureModule {}

class SealedClassesModule {}
