// Generated from proto/ by `npm run generate`; do not edit.

import type { Observable } from 'rxjs';
import { reflectionV1alpha } from '../../../../messages/index.js';
import { bindController, type ControllerClass } from '../../../controller-methods.js';
import type { CallContext, CallOptions, MethodDefinition, ServiceDefinition } from '../../../service-definition.js';

/** The methods of grpc.reflection.v1alpha.ServerReflection, by property. */
export interface ServerReflectionV1alphaMethods {
  readonly serverReflectionInfo: MethodDefinition<
    reflectionV1alpha.ServerReflectionRequest,
    reflectionV1alpha.ServerReflectionResponse
  >;
}

const serverReflectionV1alphaMethods: ServerReflectionV1alphaMethods = {
  serverReflectionInfo: {
    name: 'ServerReflectionInfo',
    property: 'serverReflectionInfo',
    path: '/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo',
    requestStream: true,
    responseStream: true,
    idempotency: 'unknown',
    access: { scopes: [], isPublic: true, isInternal: false },
    routingKey: undefined,
    request: reflectionV1alpha.ServerReflectionRequest,
    response: reflectionV1alpha.ServerReflectionResponse,
    validate: undefined,
  },
};

export const ServerReflectionV1alphaDefinition: ServiceDefinition & {
  readonly method: ServerReflectionV1alphaMethods;
} = {
  name: 'grpc.reflection.v1alpha.ServerReflection',
  service: 'reflection',
  isGrain: false,
  methods: [serverReflectionV1alphaMethods.serverReflectionInfo],
  method: serverReflectionV1alphaMethods,
};

export abstract class ServerReflectionV1alphaClient {
  static readonly definition = ServerReflectionV1alphaDefinition;

  /** One answer for each question, in order. */
  abstract serverReflectionInfo(
    requests: AsyncIterable<reflectionV1alpha.ServerReflectionRequest>,
    options?: CallOptions,
  ): AsyncIterable<reflectionV1alpha.ServerReflectionResponse>;
}

/** What a Nest controller of grpc.reflection.v1alpha.ServerReflection has. */
export interface ServerReflectionV1alphaController {
  /** One answer for each question, in order. */
  serverReflectionInfo(
    requests: AsyncIterable<reflectionV1alpha.ServerReflectionRequest>,
    context: CallContext,
  ): AsyncIterable<reflectionV1alpha.ServerReflectionResponse> | Observable<reflectionV1alpha.ServerReflectionResponse>;
}

/** Marks a controller of grpc.reflection.v1alpha.ServerReflection: each of its methods becomes the handler of the method's path. */
export function ServerReflectionV1alphaControllerMethods(): (
  controller: ControllerClass<ServerReflectionV1alphaController>,
) => void {
  return (controller) => bindController(ServerReflectionV1alphaDefinition, controller);
}
