// Generated from proto/ by `npm run generate`; do not edit.

import type { Observable } from 'rxjs';
import { link } from '../../../../messages/index.js';
import { bindController, type ControllerClass } from '../../../controller-methods.js';
import type { CallContext, CallOptions, MethodDefinition, ServiceDefinition } from '../../../service-definition.js';

/** The methods of rookery.link.v1.Link, by property. */
export interface LinkMethods {
  readonly open: MethodDefinition<link.Batch, link.Batch>;
  readonly collect: MethodDefinition<link.CollectRequest, link.CollectResponse>;
}

const linkMethods: LinkMethods = {
  open: {
    name: 'Open',
    property: 'open',
    path: '/rookery.link.v1.Link/Open',
    requestStream: true,
    responseStream: true,
    idempotency: 'unknown',
    access: { scopes: [], isPublic: false, isInternal: true },
    routingKey: undefined,
    request: link.Batch,
    response: link.Batch,
    validate: undefined,
  },
  collect: {
    name: 'Collect',
    property: 'collect',
    path: '/rookery.link.v1.Link/Collect',
    requestStream: false,
    responseStream: false,
    idempotency: 'unknown',
    access: { scopes: [], isPublic: false, isInternal: true },
    routingKey: undefined,
    request: link.CollectRequest,
    response: link.CollectResponse,
    validate: undefined,
  },
};

export const LinkDefinition: ServiceDefinition & { readonly method: LinkMethods } = {
  name: 'rookery.link.v1.Link',
  service: 'link',
  isGrain: false,
  methods: [linkMethods.open, linkMethods.collect],
  method: linkMethods,
};

export abstract class LinkClient {
  static readonly definition = LinkDefinition;

  /** Frames both ways, many in a batch. The first frame each way is Hello. Unknown frame types are ignored. */
  abstract open(requests: AsyncIterable<link.Batch>, options?: CallOptions): AsyncIterable<link.Batch>;

  /**
   * Collects a response that was too large for a frame. A ticket works once, on the link's instance, until its call's
   * deadline; NOT_FOUND afterwards.
   */
  abstract collect(request: link.CollectRequest, options?: CallOptions): Promise<link.CollectResponse>;
}

/** What a Nest controller of rookery.link.v1.Link has. */
export interface LinkController {
  /** Frames both ways, many in a batch. The first frame each way is Hello. Unknown frame types are ignored. */
  open(requests: AsyncIterable<link.Batch>, context: CallContext): AsyncIterable<link.Batch> | Observable<link.Batch>;

  /**
   * Collects a response that was too large for a frame. A ticket works once, on the link's instance, until its call's
   * deadline; NOT_FOUND afterwards.
   */
  collect(
    request: link.CollectRequest,
    context: CallContext,
  ): link.CollectResponse | Promise<link.CollectResponse> | Observable<link.CollectResponse>;
}

/** Marks a controller of rookery.link.v1.Link: each of its methods becomes the handler of the method's path. */
export function LinkControllerMethods(): (controller: ControllerClass<LinkController>) => void {
  return (controller) => bindController(LinkDefinition, controller);
}
