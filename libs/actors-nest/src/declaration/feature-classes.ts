import type { FactoryProvider, Type } from '@nestjs/common';
import { ModuleRef, type ModulesContainer } from '@nestjs/core';
import { StartError } from '@rookery/service-kit';
import { constructorDependencies } from './constructor-dependencies.js';
import type { DeclaredClasses, DeclaredType } from './declared-classes.js';

/** What one `ActorsModule.forFeature` lists. */
export class FeatureClasses {
  constructor(readonly types: readonly DeclaredType[]) {}
}

/**
 * The classes are for `runner`, which the module has by `forRoot`. Nest would say of a grain that its entry lacks a dependency,
 * and of an actor nothing: here both are named before, and what to do.
 */
export function featureProvider(types: readonly DeclaredType[], runner: Type): FactoryProvider {
  return {
    provide: FeatureClasses,
    inject: [{ token: runner, optional: true }],
    useFactory: (found: object | undefined) => {
      if (found !== undefined) return new FeatureClasses(types);
      const names = types.map(({ name }) => name).join(', ');
      throw new StartError(
        `ActorsModule.forFeature lists ${names}, and nothing runs that without ActorsModule.forRoot: import it in the app's module`,
      );
    },
  };
}

type Module = ModulesContainer extends Map<string, infer Value> ? Value : never;

/** Declares what the modules of the application list; each class is made of what the module sees that lists it. */
export async function declareFeatures(modules: ModulesContainer, declared: DeclaredClasses): Promise<void> {
  for (const host of modules.values()) {
    for (const type of [...host.imports].flatMap(listedIn)) {
      declared.add(type, await constructorDependencies(type, moduleRefOf(host)));
    }
  }
}

function listedIn(feature: Module): readonly DeclaredType[] {
  const listed: unknown = feature.providers.get(FeatureClasses)?.instance;
  return listed instanceof FeatureClasses ? listed.types : [];
}

function moduleRefOf(module: Module): ModuleRef {
  const found: unknown = module.providers.get(ModuleRef)?.instance;
  if (found instanceof ModuleRef) return found;
  throw new TypeError(`${module.name} has no ModuleRef`);
}
