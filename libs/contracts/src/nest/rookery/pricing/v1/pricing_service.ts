// Generated from proto/ by `npm run generate`; do not edit.

import type { Observable } from 'rxjs';
import { pricing } from '../../../../messages/index.js';
import { bindController, type ControllerClass } from '../../../controller-methods.js';
import { isLonger, nest, NONE, report } from '../../../field-violations.js';
import type {
  CallContext,
  CallOptions,
  FieldViolation,
  MethodDefinition,
  ServiceDefinition,
} from '../../../service-definition.js';

const pattern1 = new RegExp('^(?:[A-Za-z0-9._-]+)$', 'u');
const pattern2 = new RegExp('^(?:[A-Z]{3})$', 'u');

export function checkGetPriceRequest(value: pricing.GetPriceRequest): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.sku === '') found = report(found, 'sku', 'is required');
  else {
    if (isLonger(value.sku, 64)) found = report(found, 'sku', 'has more than 64 characters');
    if (!pattern1.test(value.sku)) found = report(found, 'sku', 'does not match [A-Za-z0-9._-]+');
  }
  if (value.currency !== '' && !pattern2.test(value.currency))
    found = report(found, 'currency', 'does not match [A-Z]{3}');
  return found;
}

export function checkQuotePriceRequest(value: pricing.QuotePriceRequest): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.currency === '') found = report(found, 'currency', 'is required');
  else {
    if (!pattern2.test(value.currency)) found = report(found, 'currency', 'does not match [A-Z]{3}');
  }
  if (value.lines.length < 1) found = report(found, 'lines', 'needs at least 1 entry');
  if (value.lines.length > 100) found = report(found, 'lines', 'has more than 100 entries');
  else {
    for (let index = 0; index < value.lines.length; index++) {
      const entry = value.lines[index]!;
      const inner = checkQuoteLine(entry);
      if (inner !== undefined) found = nest(found, `lines[${index}]`, inner);
    }
  }

  return found;
}

export function checkQuoteLine(value: pricing.QuoteLine): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.sku === '') found = report(found, 'sku', 'is required');
  else {
    if (isLonger(value.sku, 64)) found = report(found, 'sku', 'has more than 64 characters');
    if (!pattern1.test(value.sku)) found = report(found, 'sku', 'does not match [A-Za-z0-9._-]+');
  }
  if (!(value.quantity >= 1)) found = report(found, 'quantity', 'must be at least 1');
  if (!(value.quantity <= 10000)) found = report(found, 'quantity', 'must be at most 10000');
  return found;
}

/** The methods of rookery.pricing.v1.PricingService, by property. */
export interface PricingServiceMethods {
  readonly quotePrice: MethodDefinition<pricing.QuotePriceRequest, pricing.QuotePriceResponse>;
  readonly getPrice: MethodDefinition<pricing.GetPriceRequest, pricing.GetPriceResponse>;
}

const pricingServiceMethods: PricingServiceMethods = {
  quotePrice: {
    name: 'QuotePrice',
    property: 'quotePrice',
    path: '/rookery.pricing.v1.PricingService/QuotePrice',
    requestStream: false,
    responseStream: false,
    idempotency: 'no-side-effects',
    access: { scopes: ['pricing:read'], isPublic: false, isInternal: false },
    routingKey: undefined,
    request: pricing.QuotePriceRequest,
    response: pricing.QuotePriceResponse,
    validate: (request) => checkQuotePriceRequest(request) ?? NONE,
  },
  getPrice: {
    name: 'GetPrice',
    property: 'getPrice',
    path: '/rookery.pricing.v1.PricingService/GetPrice',
    requestStream: false,
    responseStream: false,
    idempotency: 'no-side-effects',
    access: { scopes: ['pricing:read'], isPublic: false, isInternal: false },
    routingKey: undefined,
    request: pricing.GetPriceRequest,
    response: pricing.GetPriceResponse,
    validate: (request) => checkGetPriceRequest(request) ?? NONE,
  },
};

export const PricingServiceDefinition: ServiceDefinition & { readonly method: PricingServiceMethods } = {
  name: 'rookery.pricing.v1.PricingService',
  service: 'pricing',
  isGrain: false,
  methods: [pricingServiceMethods.quotePrice, pricingServiceMethods.getPrice],
  method: pricingServiceMethods,
};

/** Quotes prices. Stateless: the same lines cost the same everywhere, so every method may be repeated. */
export abstract class PricingServiceClient {
  static readonly definition = PricingServiceDefinition;

  /** The price of a basket, valid for a stated time. */
  abstract quotePrice(request: pricing.QuotePriceRequest, options?: CallOptions): Promise<pricing.QuotePriceResponse>;

  /** The list price of one unit. */
  abstract getPrice(request: pricing.GetPriceRequest, options?: CallOptions): Promise<pricing.GetPriceResponse>;
}

/** What a Nest controller of rookery.pricing.v1.PricingService has. */
export interface PricingServiceController {
  /** The price of a basket, valid for a stated time. */
  quotePrice(
    request: pricing.QuotePriceRequest,
    context: CallContext,
  ): pricing.QuotePriceResponse | Promise<pricing.QuotePriceResponse> | Observable<pricing.QuotePriceResponse>;

  /** The list price of one unit. */
  getPrice(
    request: pricing.GetPriceRequest,
    context: CallContext,
  ): pricing.GetPriceResponse | Promise<pricing.GetPriceResponse> | Observable<pricing.GetPriceResponse>;
}

/** Marks a controller of rookery.pricing.v1.PricingService: each of its methods becomes the handler of the method's path. */
export function PricingServiceControllerMethods(): (controller: ControllerClass<PricingServiceController>) => void {
  return (controller) => bindController(PricingServiceDefinition, controller);
}
