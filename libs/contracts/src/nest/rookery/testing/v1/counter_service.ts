// Generated from proto/ by `npm run generate`; do not edit.

import type { Observable } from 'rxjs';
import { testing } from '../../../../messages/index.js';
import { bindController, type ControllerClass } from '../../../controller-methods.js';
import { isLonger, NONE, report } from '../../../field-violations.js';
import type {
  CallContext,
  CallOptions,
  FieldViolation,
  GrainCallOptions,
  MethodDefinition,
  ServiceDefinition,
} from '../../../service-definition.js';

export function checkAddRequest(value: testing.AddRequest): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.counterId === '') found = report(found, 'counterId', 'is required');
  else {
    if (isLonger(value.counterId, 64)) found = report(found, 'counterId', 'has more than 64 characters');
  }

  return found;
}

export function checkGetTotalRequest(value: testing.GetTotalRequest): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.counterId === '') found = report(found, 'counterId', 'is required');
  else {
    if (isLonger(value.counterId, 64)) found = report(found, 'counterId', 'has more than 64 characters');
  }

  return found;
}

/** The methods of rookery.testing.v1.CounterService, by property. */
export interface CounterServiceMethods {
  readonly add: MethodDefinition<testing.AddRequest, testing.AddResponse>;
  readonly getTotal: MethodDefinition<testing.GetTotalRequest, testing.GetTotalResponse>;
}

const counterServiceMethods: CounterServiceMethods = {
  add: {
    name: 'Add',
    property: 'add',
    path: '/rookery.testing.v1.CounterService/Add',
    requestStream: false,
    responseStream: false,
    idempotency: 'unknown',
    access: { scopes: [], isPublic: false, isInternal: true },
    routingKey: 'counterId',
    request: testing.AddRequest,
    response: testing.AddResponse,
    validate: (request) => checkAddRequest(request) ?? NONE,
  },
  getTotal: {
    name: 'GetTotal',
    property: 'getTotal',
    path: '/rookery.testing.v1.CounterService/GetTotal',
    requestStream: false,
    responseStream: false,
    idempotency: 'no-side-effects',
    access: { scopes: [], isPublic: false, isInternal: true },
    routingKey: 'counterId',
    request: testing.GetTotalRequest,
    response: testing.GetTotalResponse,
    validate: (request) => checkGetTotalRequest(request) ?? NONE,
  },
};

export const CounterServiceDefinition: ServiceDefinition & { readonly method: CounterServiceMethods } = {
  name: 'rookery.testing.v1.CounterService',
  service: 'testing',
  isGrain: true,
  methods: [counterServiceMethods.add, counterServiceMethods.getTotal],
  method: counterServiceMethods,
};

/** A number that is added to, and says on which instance it is active. */
export abstract class CounterServiceClient {
  static readonly definition = CounterServiceDefinition;

  /** Repeated, it adds again. */
  abstract add(request: testing.AddRequest, options?: CallOptions): Promise<testing.AddResponse>;

  abstract getTotal(request: testing.GetTotalRequest, options?: CallOptions): Promise<testing.GetTotalResponse>;
}

/** What a Nest controller of rookery.testing.v1.CounterService has. */
export interface CounterServiceController {
  /** Repeated, it adds again. */
  add(
    request: testing.AddRequest,
    context: CallContext,
  ): testing.AddResponse | Promise<testing.AddResponse> | Observable<testing.AddResponse>;

  getTotal(
    request: testing.GetTotalRequest,
    context: CallContext,
  ): testing.GetTotalResponse | Promise<testing.GetTotalResponse> | Observable<testing.GetTotalResponse>;
}

/** Marks a controller of rookery.testing.v1.CounterService: each of its methods becomes the handler of the method's path. */
export function CounterServiceControllerMethods(): (controller: ControllerClass<CounterServiceController>) => void {
  return (controller) => bindController(CounterServiceDefinition, controller);
}

/** What a grain of the kind rookery.testing.v1.CounterService has. */
export interface CounterServiceGrain<Context = unknown> {
  /** Repeated, it adds again. */
  add(request: testing.AddRequest, context: Context): testing.AddResponse | Promise<testing.AddResponse>;

  getTotal(
    request: testing.GetTotalRequest,
    context: Context,
  ): testing.GetTotalResponse | Promise<testing.GetTotalResponse>;
}

/** One grain of the kind rookery.testing.v1.CounterService, wherever it is active. */
export abstract class CounterServiceGrainClient {
  static readonly definition = CounterServiceDefinition;

  /** Repeated, it adds again. */
  abstract add(request: testing.AddRequest, options?: GrainCallOptions): Promise<testing.AddResponse>;

  abstract getTotal(request: testing.GetTotalRequest, options?: GrainCallOptions): Promise<testing.GetTotalResponse>;
}
