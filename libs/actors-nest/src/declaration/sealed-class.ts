import { type FactoryProvider, Scope } from '@nestjs/common';
import { INQUIRER, type ModulesContainer } from '@nestjs/core';
import type { DeclaredType } from './declared-classes.js';
import { grainDeclarationOf } from './grain-of.js';
import { rootActorOptionsOf } from './root-actor.js';

/** An instance of an actor or a grain was asked for. */
export class ActorSealedError extends Error {
  override readonly name = 'ActorSealedError';
}

/**
 * Stands in the injector for a class of which nobody gets an instance: whoever asks for it hears why. As a transient provider it
 * is made only for who depends on it, so that it is silent while nobody does.
 */
export function sealedProvider(type: DeclaredType): FactoryProvider {
  return {
    provide: type,
    scope: Scope.TRANSIENT,
    inject: [{ token: INQUIRER, optional: true }],
    useFactory: (inquirer: object | undefined) => {
      const asker = inquirer?.constructor.name ?? 'somebody';
      throw new ActorSealedError(`${asker} wants an instance of ${type.name}. ${remedyFor(type)}`);
    },
  };
}

/** Throws ActorSealedError when a module lists such a class itself. */
export function requireSealed(modules: ModulesContainer): void {
  for (const { controllers, name, providers } of modules.values()) {
    for (const { metatype } of [...providers.values(), ...controllers.values()]) {
      if (!isDeclared(metatype)) continue;
      throw new ActorSealedError(`${name} lists ${metatype.name} among its providers. ${remedyFor(metatype)}`);
    }
  }
}

function isDeclared(type: unknown): type is DeclaredType {
  return (
    typeof type === 'function' && (rootActorOptionsOf(type) !== undefined || grainDeclarationOf(type) !== undefined)
  );
}

function remedyFor(type: DeclaredType): string {
  const [what, instead] =
    grainDeclarationOf(type) === undefined
      ? ['An actor', `inject Actors and ask it for pidOf(${type.name})`]
      : ['A grain', 'inject Grains and get its typed client'];
  return `${what} is reached by messages alone, so that nobody else touches its state: list the class in ActorsModule.forFeature, and ${instead}.`;
}
