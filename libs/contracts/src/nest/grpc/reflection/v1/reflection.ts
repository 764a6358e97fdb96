// Generated from proto/ by `npm run generate`; do not edit.

import type { Observable } from 'rxjs';
import { reflection } from '../../../../messages/index.js';
import { bindController, type ControllerClass } from '../../../controller-methods.js';
import type { CallContext, CallOptions, MethodDefinition, ServiceDefinition } from '../../../service-definition.js';

/** The methods of grpc.reflection.v1.ServerReflection, by property. */
export interface ServerReflectionMethods {
  readonly serverReflectionInfo: MethodDefinition<
    reflection.ServerReflectionRequest,
    reflection.ServerReflectionResponse
  >;
}

const serverReflectionMethods: ServerReflectionMethods = {
  serverReflectionInfo: {
    name: 'ServerReflectionInfo',
    property: 'serverReflectionInfo',
    path: '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
    requestStream: true,
    responseStream: true,
    idempotency: 'unknown',
    access: { scopes: [], isPublic: true, isInternal: false },
    routingKey: undefined,
    request: reflection.ServerReflectionRequest,
    response: reflection.ServerReflectionResponse,
    validate: undefined,
  },
};

export const ServerReflectionDefinition: ServiceDefinition & { readonly method: ServerReflectionMethods } = {
  name: 'grpc.reflection.v1.ServerReflection',
  service: 'reflection',
  isGrain: false,
  methods: [serverReflectionMethods.serverReflectionInfo],
  method: serverReflectionMethods,
};

export abstract class ServerReflectionClient {
  static readonly definition = ServerReflectionDefinition;

  /** One answer for each question, in order. */
  abstract serverReflectionInfo(
    requests: AsyncIterable<reflection.ServerReflectionRequest>,
    options?: CallOptions,
  ): AsyncIterable<reflection.ServerReflectionResponse>;
}

/** What a Nest controller of grpc.reflection.v1.ServerReflection has. */
export interface ServerReflectionController {
  /** One answer for each question, in order. */
  serverReflectionInfo(
    requests: AsyncIterable<reflection.ServerReflectionRequest>,
    context: CallContext,
  ): AsyncIterable<reflection.ServerReflectionResponse> | Observable<reflection.ServerReflectionResponse>;
}

/** Marks a controller of grpc.reflection.v1.ServerReflection: each of its methods becomes the handler of the method's path. */
export function ServerReflectionControllerMethods(): (controller: ControllerClass<ServerReflectionController>) => void {
  return (controller) => bindController(ServerReflectionDefinition, controller);
}
