// Generated from proto/ by `npm run generate`; do not edit.

import type { Observable } from 'rxjs';
import { messaging } from '../../../../messages/index.js';
import { bindController, type ControllerClass } from '../../../controller-methods.js';
import { isLonger, nest, NONE, report } from '../../../field-violations.js';
import type {
  CallContext,
  CallOptions,
  FieldViolation,
  MethodDefinition,
  ServiceDefinition,
} from '../../../service-definition.js';

export function checkFeedPosition(value: messaging.FeedPosition): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.epoch === '') found = report(found, 'epoch', 'is required');
  else {
    if (isLonger(value.epoch, 64)) found = report(found, 'epoch', 'has more than 64 characters');
  }

  return found;
}

export function checkSubscribeRequest(value: messaging.SubscribeRequest): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.after !== undefined) {
    const afterFound = checkFeedPosition(value.after);
    if (afterFound !== undefined) found = nest(found, 'after', afterFound);
  }
  if (value.types.length > 100) found = report(found, 'types', 'has more than 100 entries');
  else {
    for (let index = 0; index < value.types.length; index++) {
      const entry = value.types[index]!;
      if (entry === '') found = report(found, `types[${index}]`, 'needs at least 1 character');
      if (isLonger(entry, 256)) found = report(found, `types[${index}]`, 'has more than 256 characters');
    }
  }
  if (!(value.maxBatch <= 10000)) found = report(found, 'maxBatch', 'must be at most 10000');
  return found;
}

export function checkSubscribeResponse(value: messaging.SubscribeResponse): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.end !== undefined) {
    const endFound = checkFeedPosition(value.end);
    if (endFound !== undefined) found = nest(found, 'end', endFound);
  }

  return found;
}

/** The methods of rookery.messaging.v1.FeedService, by property. */
export interface FeedServiceMethods {
  readonly subscribe: MethodDefinition<messaging.SubscribeRequest, messaging.SubscribeResponse>;
}

const feedServiceMethods: FeedServiceMethods = {
  subscribe: {
    name: 'Subscribe',
    property: 'subscribe',
    path: '/rookery.messaging.v1.FeedService/Subscribe',
    requestStream: false,
    responseStream: true,
    idempotency: 'no-side-effects',
    access: { scopes: [], isPublic: false, isInternal: true },
    routingKey: undefined,
    request: messaging.SubscribeRequest,
    response: messaging.SubscribeResponse,
    validate: (request) => checkSubscribeRequest(request) ?? NONE,
  },
};

export const FeedServiceDefinition: ServiceDefinition & { readonly method: FeedServiceMethods } = {
  name: 'rookery.messaging.v1.FeedService',
  service: 'messaging',
  isGrain: false,
  methods: [feedServiceMethods.subscribe],
  method: feedServiceMethods,
};

export abstract class FeedServiceClient {
  static readonly definition = FeedServiceDefinition;

  /**
   * Everything behind a position, then everything new, in the order of the log, until the caller cancels. The consumer keeps
   * the position up to which it has handled events; the provider keeps nothing of it.
   *
   * LOG_REPLACED when the position is of another epoch or behind the log's end: the provider's database was
   * restored or made anew, and what was handled before may be other than what is there now. TYPE_NOT_PUBLISHED when
   * this version of the provider does not publish one of the types: the version that does would not say again what is passed here.
   */
  abstract subscribe(
    request: messaging.SubscribeRequest,
    options?: CallOptions,
  ): AsyncIterable<messaging.SubscribeResponse>;
}

/** What a Nest controller of rookery.messaging.v1.FeedService has. */
export interface FeedServiceController {
  /**
   * Everything behind a position, then everything new, in the order of the log, until the caller cancels. The consumer keeps
   * the position up to which it has handled events; the provider keeps nothing of it.
   *
   * LOG_REPLACED when the position is of another epoch or behind the log's end: the provider's database was
   * restored or made anew, and what was handled before may be other than what is there now. TYPE_NOT_PUBLISHED when
   * this version of the provider does not publish one of the types: the version that does would not say again what is passed here.
   */
  subscribe(
    request: messaging.SubscribeRequest,
    context: CallContext,
  ): AsyncIterable<messaging.SubscribeResponse> | Observable<messaging.SubscribeResponse>;
}

/** Marks a controller of rookery.messaging.v1.FeedService: each of its methods becomes the handler of the method's path. */
export function FeedServiceControllerMethods(): (controller: ControllerClass<FeedServiceController>) => void {
  return (controller) => bindController(FeedServiceDefinition, controller);
}
