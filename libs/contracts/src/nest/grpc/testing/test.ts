// Generated from proto/ by `npm run generate`; do not edit.

import type { Observable } from 'rxjs';
import { grpcTesting } from '../../../messages/index.js';
import { bindController, type ControllerClass } from '../../controller-methods.js';
import type { CallContext, CallOptions, MethodDefinition, ServiceDefinition } from '../../service-definition.js';

/** The methods of grpc.testing.TestService, by property. */
export interface TestServiceMethods {
  readonly emptyCall: MethodDefinition<grpcTesting.Empty, grpcTesting.Empty>;
  readonly unaryCall: MethodDefinition<grpcTesting.SimpleRequest, grpcTesting.SimpleResponse>;
  readonly cacheableUnaryCall: MethodDefinition<grpcTesting.SimpleRequest, grpcTesting.SimpleResponse>;
  readonly streamingOutputCall: MethodDefinition<
    grpcTesting.StreamingOutputCallRequest,
    grpcTesting.StreamingOutputCallResponse
  >;
  readonly streamingInputCall: MethodDefinition<
    grpcTesting.StreamingInputCallRequest,
    grpcTesting.StreamingInputCallResponse
  >;
  readonly fullDuplexCall: MethodDefinition<
    grpcTesting.StreamingOutputCallRequest,
    grpcTesting.StreamingOutputCallResponse
  >;
  readonly halfDuplexCall: MethodDefinition<
    grpcTesting.StreamingOutputCallRequest,
    grpcTesting.StreamingOutputCallResponse
  >;
  readonly unimplementedCall: MethodDefinition<grpcTesting.Empty, grpcTesting.Empty>;
}

const testServiceMethods: TestServiceMethods = {
  emptyCall: {
    name: 'EmptyCall',
    property: 'emptyCall',
    path: '/grpc.testing.TestService/EmptyCall',
    requestStream: false,
    responseStream: false,
    idempotency: 'unknown',
    access: { scopes: [], isPublic: true, isInternal: false },
    routingKey: undefined,
    request: grpcTesting.Empty,
    response: grpcTesting.Empty,
    validate: undefined,
  },
  unaryCall: {
    name: 'UnaryCall',
    property: 'unaryCall',
    path: '/grpc.testing.TestService/UnaryCall',
    requestStream: false,
    responseStream: false,
    idempotency: 'unknown',
    access: { scopes: [], isPublic: true, isInternal: false },
    routingKey: undefined,
    request: grpcTesting.SimpleRequest,
    response: grpcTesting.SimpleResponse,
    validate: undefined,
  },
  cacheableUnaryCall: {
    name: 'CacheableUnaryCall',
    property: 'cacheableUnaryCall',
    path: '/grpc.testing.TestService/CacheableUnaryCall',
    requestStream: false,
    responseStream: false,
    idempotency: 'unknown',
    access: { scopes: [], isPublic: true, isInternal: false },
    routingKey: undefined,
    request: grpcTesting.SimpleRequest,
    response: grpcTesting.SimpleResponse,
    validate: undefined,
  },
  streamingOutputCall: {
    name: 'StreamingOutputCall',
    property: 'streamingOutputCall',
    path: '/grpc.testing.TestService/StreamingOutputCall',
    requestStream: false,
    responseStream: true,
    idempotency: 'unknown',
    access: { scopes: [], isPublic: true, isInternal: false },
    routingKey: undefined,
    request: grpcTesting.StreamingOutputCallRequest,
    response: grpcTesting.StreamingOutputCallResponse,
    validate: undefined,
  },
  streamingInputCall: {
    name: 'StreamingInputCall',
    property: 'streamingInputCall',
    path: '/grpc.testing.TestService/StreamingInputCall',
    requestStream: true,
    responseStream: false,
    idempotency: 'unknown',
    access: { scopes: [], isPublic: true, isInternal: false },
    routingKey: undefined,
    request: grpcTesting.StreamingInputCallRequest,
    response: grpcTesting.StreamingInputCallResponse,
    validate: undefined,
  },
  fullDuplexCall: {
    name: 'FullDuplexCall',
    property: 'fullDuplexCall',
    path: '/grpc.testing.TestService/FullDuplexCall',
    requestStream: true,
    responseStream: true,
    idempotency: 'unknown',
    access: { scopes: [], isPublic: true, isInternal: false },
    routingKey: undefined,
    request: grpcTesting.StreamingOutputCallRequest,
    response: grpcTesting.StreamingOutputCallResponse,
    validate: undefined,
  },
  halfDuplexCall: {
    name: 'HalfDuplexCall',
    property: 'halfDuplexCall',
    path: '/grpc.testing.TestService/HalfDuplexCall',
    requestStream: true,
    responseStream: true,
    idempotency: 'unknown',
    access: { scopes: [], isPublic: true, isInternal: false },
    routingKey: undefined,
    request: grpcTesting.StreamingOutputCallRequest,
    response: grpcTesting.StreamingOutputCallResponse,
    validate: undefined,
  },
  unimplementedCall: {
    name: 'UnimplementedCall',
    property: 'unimplementedCall',
    path: '/grpc.testing.TestService/UnimplementedCall',
    requestStream: false,
    responseStream: false,
    idempotency: 'unknown',
    access: { scopes: [], isPublic: true, isInternal: false },
    routingKey: undefined,
    request: grpcTesting.Empty,
    response: grpcTesting.Empty,
    validate: undefined,
  },
};

export const TestServiceDefinition: ServiceDefinition & { readonly method: TestServiceMethods } = {
  name: 'grpc.testing.TestService',
  service: 'testing',
  isGrain: false,
  methods: [
    testServiceMethods.emptyCall,
    testServiceMethods.unaryCall,
    testServiceMethods.cacheableUnaryCall,
    testServiceMethods.streamingOutputCall,
    testServiceMethods.streamingInputCall,
    testServiceMethods.fullDuplexCall,
    testServiceMethods.halfDuplexCall,
    testServiceMethods.unimplementedCall,
  ],
  method: testServiceMethods,
};

export abstract class TestServiceClient {
  static readonly definition = TestServiceDefinition;

  /** Empty in, empty out. */
  abstract emptyCall(request: grpcTesting.Empty, options?: CallOptions): Promise<grpcTesting.Empty>;

  /** A payload in, a payload out. */
  abstract unaryCall(request: grpcTesting.SimpleRequest, options?: CallOptions): Promise<grpcTesting.SimpleResponse>;

  /** The same, with headers that let a proxy keep the response. */
  abstract cacheableUnaryCall(
    request: grpcTesting.SimpleRequest,
    options?: CallOptions,
  ): Promise<grpcTesting.SimpleResponse>;

  /** One response for each response_parameters, of the size asked for. */
  abstract streamingOutputCall(
    request: grpcTesting.StreamingOutputCallRequest,
    options?: CallOptions,
  ): AsyncIterable<grpcTesting.StreamingOutputCallResponse>;

  /** Answers with the size of everything received. */
  abstract streamingInputCall(
    requests: AsyncIterable<grpcTesting.StreamingInputCallRequest>,
    options?: CallOptions,
  ): Promise<grpcTesting.StreamingInputCallResponse>;

  /** Answers each request as it arrives. */
  abstract fullDuplexCall(
    requests: AsyncIterable<grpcTesting.StreamingOutputCallRequest>,
    options?: CallOptions,
  ): AsyncIterable<grpcTesting.StreamingOutputCallResponse>;

  /** Answers when all requests have arrived. */
  abstract halfDuplexCall(
    requests: AsyncIterable<grpcTesting.StreamingOutputCallRequest>,
    options?: CallOptions,
  ): AsyncIterable<grpcTesting.StreamingOutputCallResponse>;

  /** Declared and never served. */
  abstract unimplementedCall(request: grpcTesting.Empty, options?: CallOptions): Promise<grpcTesting.Empty>;
}

/** What a Nest controller of grpc.testing.TestService has. */
export interface TestServiceController {
  /** Empty in, empty out. */
  emptyCall(
    request: grpcTesting.Empty,
    context: CallContext,
  ): grpcTesting.Empty | Promise<grpcTesting.Empty> | Observable<grpcTesting.Empty>;

  /** A payload in, a payload out. */
  unaryCall(
    request: grpcTesting.SimpleRequest,
    context: CallContext,
  ): grpcTesting.SimpleResponse | Promise<grpcTesting.SimpleResponse> | Observable<grpcTesting.SimpleResponse>;

  /** The same, with headers that let a proxy keep the response. */
  cacheableUnaryCall(
    request: grpcTesting.SimpleRequest,
    context: CallContext,
  ): grpcTesting.SimpleResponse | Promise<grpcTesting.SimpleResponse> | Observable<grpcTesting.SimpleResponse>;

  /** One response for each response_parameters, of the size asked for. */
  streamingOutputCall(
    request: grpcTesting.StreamingOutputCallRequest,
    context: CallContext,
  ): AsyncIterable<grpcTesting.StreamingOutputCallResponse> | Observable<grpcTesting.StreamingOutputCallResponse>;

  /** Answers with the size of everything received. */
  streamingInputCall(
    requests: AsyncIterable<grpcTesting.StreamingInputCallRequest>,
    context: CallContext,
  ):
    | grpcTesting.StreamingInputCallResponse
    | Promise<grpcTesting.StreamingInputCallResponse>
    | Observable<grpcTesting.StreamingInputCallResponse>;

  /** Answers each request as it arrives. */
  fullDuplexCall(
    requests: AsyncIterable<grpcTesting.StreamingOutputCallRequest>,
    context: CallContext,
  ): AsyncIterable<grpcTesting.StreamingOutputCallResponse> | Observable<grpcTesting.StreamingOutputCallResponse>;

  /** Answers when all requests have arrived. */
  halfDuplexCall(
    requests: AsyncIterable<grpcTesting.StreamingOutputCallRequest>,
    context: CallContext,
  ): AsyncIterable<grpcTesting.StreamingOutputCallResponse> | Observable<grpcTesting.StreamingOutputCallResponse>;

  /** Declared and never served. */
  unimplementedCall(
    request: grpcTesting.Empty,
    context: CallContext,
  ): grpcTesting.Empty | Promise<grpcTesting.Empty> | Observable<grpcTesting.Empty>;
}

/** Marks a controller of grpc.testing.TestService: each of its methods becomes the handler of the method's path. */
export function TestServiceControllerMethods(): (controller: ControllerClass<TestServiceController>) => void {
  return (controller) => bindController(TestServiceDefinition, controller);
}

/** The methods of grpc.testing.UnimplementedService, by property. */
export interface UnimplementedServiceMethods {
  readonly unimplementedCall: MethodDefinition<grpcTesting.Empty, grpcTesting.Empty>;
}

const unimplementedServiceMethods: UnimplementedServiceMethods = {
  unimplementedCall: {
    name: 'UnimplementedCall',
    property: 'unimplementedCall',
    path: '/grpc.testing.UnimplementedService/UnimplementedCall',
    requestStream: false,
    responseStream: false,
    idempotency: 'unknown',
    access: { scopes: [], isPublic: true, isInternal: false },
    routingKey: undefined,
    request: grpcTesting.Empty,
    response: grpcTesting.Empty,
    validate: undefined,
  },
};

export const UnimplementedServiceDefinition: ServiceDefinition & { readonly method: UnimplementedServiceMethods } = {
  name: 'grpc.testing.UnimplementedService',
  service: 'testing',
  isGrain: false,
  methods: [unimplementedServiceMethods.unimplementedCall],
  method: unimplementedServiceMethods,
};

/** A service that no server has. */
export abstract class UnimplementedServiceClient {
  static readonly definition = UnimplementedServiceDefinition;

  abstract unimplementedCall(request: grpcTesting.Empty, options?: CallOptions): Promise<grpcTesting.Empty>;
}

/** What a Nest controller of grpc.testing.UnimplementedService has. */
export interface UnimplementedServiceController {
  unimplementedCall(
    request: grpcTesting.Empty,
    context: CallContext,
  ): grpcTesting.Empty | Promise<grpcTesting.Empty> | Observable<grpcTesting.Empty>;
}

/** Marks a controller of grpc.testing.UnimplementedService: each of its methods becomes the handler of the method's path. */
export function UnimplementedServiceControllerMethods(): (
  controller: ControllerClass<UnimplementedServiceController>,
) => void {
  return (controller) => bindController(UnimplementedServiceDefinition, controller);
}
