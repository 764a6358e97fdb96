import type { ModuleRef } from '@nestjs/core';
import {
  OPTIONAL_DEPS_METADATA,
  PARAMTYPES_METADATA,
  PROPERTY_DEPS_METADATA,
  SELF_DECLARED_DEPS_METADATA,
} from '@nestjs/common/constants.js';
import type { DeclaredType } from './declared-classes.js';

const CONSTRUCTOR = [PARAMTYPES_METADATA, SELF_DECLARED_DEPS_METADATA, OPTIONAL_DEPS_METADATA];

/**
 * What the constructor of a class takes, found by Nest as for any provider of the module. Found once: what is made from it is
 * made without Nest, which would keep account of each. Rejects as Nest does for what it cannot find or has only for a request.
 */
export async function constructorDependencies(type: DeclaredType, module: ModuleRef): Promise<readonly never[]> {
  if (Reflect.hasMetadata(PROPERTY_DEPS_METADATA, type)) {
    throw new TypeError(`${type.name} injects into a property: an actor takes what it needs by its constructor`);
  }
  class Taker {
    readonly taken: readonly unknown[];

    constructor(...dependencies: unknown[]) {
      this.taken = dependencies;
    }
  }
  // By this name Nest says who lacks something.
  Object.defineProperty(Taker, 'name', { value: type.name });
  for (const key of CONSTRUCTOR) {
    if (Reflect.hasMetadata(key, type)) Reflect.defineMetadata(key, Reflect.getMetadata(key, type), Taker);
  }
  const { taken } = await module.create(Taker);
  // Nest has looked at the types of the parameters; the compiler has not.
  return taken as readonly never[];
}
