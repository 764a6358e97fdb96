import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { PARAM_ARGS_METADATA } from '@nestjs/microservices/constants.js';
import type { ServiceDefinition } from './service-definition.js';

/** A class whose instances are `T`. */
export type ControllerClass<T> = new (...dependencies: never[]) => T;

/**
 * Makes each method of a contract a Nest message handler under the method's path, with the `MethodDefinition` as the
 * handler's `extras.method`. Throws when the class is defined if a method is missing: the compiler says so too, but not
 * to who runs without it.
 */
export function bindController(definition: ServiceDefinition, controller: ControllerClass<object>): void {
  const prototype = controller.prototype as Readonly<Record<string, unknown>>;
  const missing = definition.methods.filter((method) => typeof prototype[method.property] !== 'function');
  if (missing.length > 0) {
    const names = missing.map((method) => `${method.property}()`).join(', ');
    throw new TypeError(`${controller.name} serves ${definition.name} and has no method ${names}`);
  }
  for (const method of definition.methods) {
    const descriptor = { value: prototype[method.property] };
    MessagePattern(method.path, { method })(prototype, method.property, descriptor);
    bindArguments(controller, method.property);
  }
}

/** Request and call context, in this order, unless the class has decorated its parameters itself. */
function bindArguments(controller: ControllerClass<object>, property: string): void {
  if (Reflect.hasMetadata(PARAM_ARGS_METADATA, controller, property)) return;
  Payload()(controller.prototype as object, property, 0);
  Ctx()(controller.prototype as object, property, 1);
}
