// Generated from proto/ by `npm run generate`; do not edit.

import type { Observable } from 'rxjs';
import { health } from '../../../../messages/index.js';
import { bindController, type ControllerClass } from '../../../controller-methods.js';
import type { CallContext, CallOptions, MethodDefinition, ServiceDefinition } from '../../../service-definition.js';

/** The methods of grpc.health.v1.Health, by property. */
export interface HealthMethods {
  readonly check: MethodDefinition<health.HealthCheckRequest, health.HealthCheckResponse>;
  readonly watch: MethodDefinition<health.HealthCheckRequest, health.HealthCheckResponse>;
}

const healthMethods: HealthMethods = {
  check: {
    name: 'Check',
    property: 'check',
    path: '/grpc.health.v1.Health/Check',
    requestStream: false,
    responseStream: false,
    idempotency: 'unknown',
    access: { scopes: [], isPublic: true, isInternal: false },
    routingKey: undefined,
    request: health.HealthCheckRequest,
    response: health.HealthCheckResponse,
    validate: undefined,
  },
  watch: {
    name: 'Watch',
    property: 'watch',
    path: '/grpc.health.v1.Health/Watch',
    requestStream: false,
    responseStream: true,
    idempotency: 'unknown',
    access: { scopes: [], isPublic: true, isInternal: false },
    routingKey: undefined,
    request: health.HealthCheckRequest,
    response: health.HealthCheckResponse,
    validate: undefined,
  },
};

export const HealthDefinition: ServiceDefinition & { readonly method: HealthMethods } = {
  name: 'grpc.health.v1.Health',
  service: 'health',
  isGrain: false,
  methods: [healthMethods.check, healthMethods.watch],
  method: healthMethods,
};

export abstract class HealthClient {
  static readonly definition = HealthDefinition;

  /** The state now. NOT_FOUND for a service that is not known here. */
  abstract check(request: health.HealthCheckRequest, options?: CallOptions): Promise<health.HealthCheckResponse>;

  /** The state now, and each change of it, until the caller cancels. */
  abstract watch(request: health.HealthCheckRequest, options?: CallOptions): AsyncIterable<health.HealthCheckResponse>;
}

/** What a Nest controller of grpc.health.v1.Health has. */
export interface HealthController {
  /** The state now. NOT_FOUND for a service that is not known here. */
  check(
    request: health.HealthCheckRequest,
    context: CallContext,
  ): health.HealthCheckResponse | Promise<health.HealthCheckResponse> | Observable<health.HealthCheckResponse>;

  /** The state now, and each change of it, until the caller cancels. */
  watch(
    request: health.HealthCheckRequest,
    context: CallContext,
  ): AsyncIterable<health.HealthCheckResponse> | Observable<health.HealthCheckResponse>;
}

/** Marks a controller of grpc.health.v1.Health: each of its methods becomes the handler of the method's path. */
export function HealthControllerMethods(): (controller: ControllerClass<HealthController>) => void {
  return (controller) => bindController(HealthDefinition, controller);
}
