import { isDeepStrictEqual } from 'node:util';

import type { INestApplication } from '@nestjs/common';
import {
  EXCEPTION_FILTERS_METADATA,
  GUARDS_METADATA,
  INTERCEPTORS_METADATA,
  PIPES_METADATA,
} from '@nestjs/common/constants.js';
import { ModulesContainer } from '@nestjs/core';
import { Ctx, Payload } from '@nestjs/microservices';
import { PARAM_ARGS_METADATA, PATTERN_EXTRAS_METADATA } from '@nestjs/microservices/constants.js';
import type { MethodDefinition } from '@rookery/contracts/nest';

import type { Handler } from '../server/server-method.js';
import { hasOnlyOurs } from './global-enhancers.js';

type Controller = Readonly<Record<string, unknown>>;
/** A controller as Nest keeps it. */
type Served = Module['controllers'] extends Map<unknown, infer Wrapper> ? Wrapper : never;
type Module = ModulesContainer extends Map<string, infer Value> ? Value : never;

/**
 * Finds the handlers around which Nest has nothing to do: no guard, pipe, interceptor or filter on the method, its class or
 * the application, request and context as arguments, one instance for all calls. They can be called as they are, which
 * spares a dozen promises for each call: a fifth of what a small call costs. In doubt it finds none, and Nest does its work.
 */
export class DirectHandlers {
  constructor(private readonly app: INestApplication) {}

  /** The method of the one controller that serves `definition`; undefined where Nest must stand between. */
  of(definition: MethodDefinition): Handler | undefined {
    if (!hasOnlyOurs(this.app)) return undefined;
    const [served, another] = this.controllersOf(definition);
    if (served === undefined || another !== undefined || !served.isDependencyTreeStatic()) return undefined;
    const controller = served.instance as Controller;
    const method = controller[definition.property] as Handler;
    const marked = [served.metatype, controller.constructor, method].filter((target) => target !== null);
    if (marked.some(isEnhanced) || !takesRequestAndContext(controller, definition.property)) return undefined;
    return (request, context) => method.call(controller, request, context);
  }

  private controllersOf(definition: MethodDefinition): Served[] {
    const all = [...this.app.get(ModulesContainer).values()].flatMap((module) => [...module.controllers.values()]);
    return all.filter(({ instance }) =>
      isHandler((instance as Controller | undefined)?.[definition.property], definition),
    );
  }
}

function isHandler(member: unknown, definition: MethodDefinition): boolean {
  if (typeof member !== 'function') return false;
  const extras: unknown = Reflect.getMetadata(PATTERN_EXTRAS_METADATA, member);
  return typeof extras === 'object' && extras !== null && 'method' in extras && extras.method === definition;
}

const ENHANCERS = [GUARDS_METADATA, PIPES_METADATA, INTERCEPTORS_METADATA, EXCEPTION_FILTERS_METADATA];

function isEnhanced(target: object): boolean {
  return ENHANCERS.some((key) => Reflect.hasMetadata(key, target));
}

/** Nest's own decorators say what its metadata looks like when the arguments are handed on as they come. */
class Sample {
  handle(): void {
    // Never called.
  }
}
Payload()(Sample.prototype, 'handle', 0);
Ctx()(Sample.prototype, 'handle', 1);
const REQUEST_AND_CONTEXT: unknown = Reflect.getMetadata(PARAM_ARGS_METADATA, Sample, 'handle');

function takesRequestAndContext(controller: Controller, property: string): boolean {
  const parameters: unknown = Reflect.getMetadata(PARAM_ARGS_METADATA, controller.constructor, property);
  return isDeepStrictEqual(parameters, REQUEST_AND_CONTEXT);
}
