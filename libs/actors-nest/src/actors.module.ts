import { type DynamicModule, Module } from '@nestjs/common';
import { Actors } from './actors.js';
import { type ActorsOptions, ActorsPlan } from './actors-options.js';
import { DeclaredClasses, type DeclaredType } from './declaration/declared-classes.js';
import { FeatureClasses } from './declaration/feature-classes.js';
import { sealedProvider } from './declaration/sealed-class.js';
import { Grains } from './grains.js';
import { ActorSurroundings } from './life/actor-surroundings.js';
import { LiveActors } from './life/live-actors.js';

/** Actors and grains of a service of the kit. */
@Module({})
export class ActorsModule {
  /** Once, in the app's module: the actor system, its ways to other processes, and the cluster. */
  static forRoot(options: ActorsOptions = {}): DynamicModule {
    const plan = { provide: ActorsPlan, useValue: new ActorsPlan(options) };
    return {
      module: ActorsModule,
      global: true,
      providers: [plan, DeclaredClasses, ActorSurroundings, LiveActors, Actors, Grains],
      exports: [DeclaredClasses, Actors, Grains],
    };
  }

  /** The classes of actors and grains that a module has. Their constructors take what any provider of that module may. */
  static forFeature(types: readonly DeclaredType[]): DynamicModule {
    const sealed = types.map(sealedProvider);
    return {
      module: ActorsFeatureModule,
      // Known everywhere, so that whoever asks for an instance hears why there is none.
      imports: [{ module: SealedClassesModule, global: true, providers: sealed, exports: sealed }],
      providers: [{ provide: FeatureClasses, useValue: new FeatureClasses(types) }],
    };
  }
}

class ActorsFeatureModule {}

class SealedClassesModule {}
