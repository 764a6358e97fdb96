import type { INestApplicationContext } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { StartError } from './start-error.js';

type Finder = new (...dependencies: never[]) => object;
type Found = abstract new (...dependencies: never[]) => object;

export interface Finding {
  /** What an app has to import for it, as it is written there. */
  readonly module: string;
  /** Abstract classes, which those who are found extend. */
  readonly types: readonly Found[];
}

interface Need {
  readonly finder: Finder;
  readonly module: string;
}

/** By the abstract class. */
const needs = new WeakMap<object, Need>();

/**
 * Says of a class that it runs the providers that extend `types`, wherever in the app they are. Such a provider asks for
 * nothing, so that Nest does not notice when the one who finds it is missing: the kit does, and the service does not start.
 */
export function Finds({ module, types }: Finding): (finder: Finder) => void {
  return (finder) => {
    for (const type of types) needs.set(type, { finder, module });
  };
}

/** Throws `StartError` when a provider of the application would be run by a class that the application lacks. */
export function requireFinders(app: INestApplicationContext): void {
  const modules = [...app.get(ModulesContainer).values()];
  const all = modules.flatMap(({ controllers, providers }) =>
    [...controllers.values(), ...providers.values()].map(({ instance }): unknown => instance),
  );
  for (const { name, providers } of modules) {
    for (const { instance } of providers.values()) {
      const need = needOf(instance);
      if (need === undefined || all.some((one) => one instanceof need.finder)) continue;
      const who = (instance as object).constructor.name;
      throw new StartError(
        `${who} of ${name} does nothing without ${need.module}: import it in the app's module, or take ${who} out of the providers`,
      );
    }
  }
}

function needOf(instance: unknown): Need | undefined {
  if (typeof instance !== 'object' || instance === null) return undefined;
  let type: unknown = instance.constructor;
  while (typeof type === 'function') {
    const need = needs.get(type);
    if (need !== undefined) return need;
    type = Object.getPrototypeOf(type);
  }
  return undefined;
}
