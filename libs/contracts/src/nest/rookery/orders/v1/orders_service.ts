// Generated from proto/ by `npm run generate`; do not edit.

import type { Observable } from 'rxjs';
import { orders } from '../../../../messages/index.js';
import { bindController, type ControllerClass } from '../../../controller-methods.js';
import { isLonger, nest, NONE, report } from '../../../field-violations.js';
import type {
  CallContext,
  CallOptions,
  FieldViolation,
  GrainCallOptions,
  MethodDefinition,
  ServiceDefinition,
} from '../../../service-definition.js';

const pattern1 = new RegExp('^(?:EUR|USD|GBP|JPY)$', 'u');
const pattern2 = new RegExp('^(?:[A-Za-z0-9._-]+)$', 'u');
const pattern3 = new RegExp('^(?:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$', 'u');
const pattern4 = new RegExp('^(?:tok_[a-z0-9_]{1,60})$', 'u');

export function checkOrder(value: orders.Order): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  for (let index = 0; index < value.lines.length; index++) {
    const entry = value.lines[index]!;
    const inner = checkOrderLine(entry);
    if (inner !== undefined) found = nest(found, `lines[${index}]`, inner);
  }
  if (value.total !== undefined) {
    const totalFound = checkMoney(value.total);
    if (totalFound !== undefined) found = nest(found, 'total', totalFound);
  }

  return found;
}

export function checkMoney(value: orders.Money): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.currency === '') found = report(found, 'currency', 'is required');
  else {
    if (!pattern1.test(value.currency)) found = report(found, 'currency', 'does not match EUR|USD|GBP|JPY');
  }
  if (!(value.minorUnits >= 1)) found = report(found, 'minorUnits', 'must be at least 1');
  if (!(value.minorUnits <= 1000000000000)) found = report(found, 'minorUnits', 'must be at most 1000000000000');
  return found;
}

export function checkOrderLine(value: orders.OrderLine): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.sku === '') found = report(found, 'sku', 'is required');
  else {
    if (isLonger(value.sku, 64)) found = report(found, 'sku', 'has more than 64 characters');
    if (!pattern2.test(value.sku)) found = report(found, 'sku', 'does not match [A-Za-z0-9._-]+');
  }
  if (!(value.quantity >= 1)) found = report(found, 'quantity', 'must be at least 1');
  if (!(value.quantity <= 1000)) found = report(found, 'quantity', 'must be at most 1000');
  return found;
}

export function checkPlaceOrderRequest(value: orders.PlaceOrderRequest): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.orderId === '') found = report(found, 'orderId', 'is required');
  else {
    if (!pattern3.test(value.orderId))
      found = report(found, 'orderId', 'does not match [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}');
  }
  if (value.lines.length < 1) found = report(found, 'lines', 'needs at least 1 entry');
  if (value.lines.length > 20) found = report(found, 'lines', 'has more than 20 entries');
  else {
    for (let index = 0; index < value.lines.length; index++) {
      const entry = value.lines[index]!;
      const inner = checkOrderLine(entry);
      if (inner !== undefined) found = nest(found, `lines[${index}]`, inner);
    }
  }
  if (value.currency === '') found = report(found, 'currency', 'is required');
  else {
    if (!pattern1.test(value.currency)) found = report(found, 'currency', 'does not match EUR|USD|GBP|JPY');
  }
  if (value.card === '') found = report(found, 'card', 'is required');
  else {
    if (!pattern4.test(value.card)) found = report(found, 'card', 'does not match tok_[a-z0-9_]{1,60}');
  }

  return found;
}

export function checkPlaceOrderResponse(value: orders.PlaceOrderResponse): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.order !== undefined) {
    const orderFound = checkOrder(value.order);
    if (orderFound !== undefined) found = nest(found, 'order', orderFound);
  }

  return found;
}

export function checkCancelOrderRequest(value: orders.CancelOrderRequest): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.orderId === '') found = report(found, 'orderId', 'is required');
  else {
    if (!pattern3.test(value.orderId))
      found = report(found, 'orderId', 'does not match [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}');
  }

  return found;
}

export function checkCancelOrderResponse(value: orders.CancelOrderResponse): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.order !== undefined) {
    const orderFound = checkOrder(value.order);
    if (orderFound !== undefined) found = nest(found, 'order', orderFound);
  }

  return found;
}

export function checkGetOrderRequest(value: orders.GetOrderRequest): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.orderId === '') found = report(found, 'orderId', 'is required');
  else {
    if (!pattern3.test(value.orderId))
      found = report(found, 'orderId', 'does not match [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}');
  }

  return found;
}

export function checkGetOrderResponse(value: orders.GetOrderResponse): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.order !== undefined) {
    const orderFound = checkOrder(value.order);
    if (orderFound !== undefined) found = nest(found, 'order', orderFound);
  }

  return found;
}

export function checkSealOrderRequest(value: orders.SealOrderRequest): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.orderId === '') found = report(found, 'orderId', 'is required');
  else {
    if (!pattern3.test(value.orderId))
      found = report(found, 'orderId', 'does not match [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}');
  }
  if (value.total === undefined) found = report(found, 'total', 'is required');
  else {
    const totalFound = checkMoney(value.total);
    if (totalFound !== undefined) found = nest(found, 'total', totalFound);
  }

  return found;
}

export function checkSealOrderResponse(value: orders.SealOrderResponse): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.order !== undefined) {
    const orderFound = checkOrder(value.order);
    if (orderFound !== undefined) found = nest(found, 'order', orderFound);
  }

  return found;
}

export function checkConfirmOrderRequest(value: orders.ConfirmOrderRequest): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.orderId === '') found = report(found, 'orderId', 'is required');
  else {
    if (!pattern3.test(value.orderId))
      found = report(found, 'orderId', 'does not match [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}');
  }

  return found;
}

export function checkConfirmOrderResponse(value: orders.ConfirmOrderResponse): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.order !== undefined) {
    const orderFound = checkOrder(value.order);
    if (orderFound !== undefined) found = nest(found, 'order', orderFound);
  }

  return found;
}

export function checkAbandonOrderRequest(value: orders.AbandonOrderRequest): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.orderId === '') found = report(found, 'orderId', 'is required');
  else {
    if (!pattern3.test(value.orderId))
      found = report(found, 'orderId', 'does not match [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}');
  }
  if (value.reason === 0) found = report(found, 'reason', 'is required');

  return found;
}

export function checkAbandonOrderResponse(value: orders.AbandonOrderResponse): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.order !== undefined) {
    const orderFound = checkOrder(value.order);
    if (orderFound !== undefined) found = nest(found, 'order', orderFound);
  }

  return found;
}

export function checkListOrdersRequest(value: orders.ListOrdersRequest): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (!(value.pageSize <= 100)) found = report(found, 'pageSize', 'must be at most 100');
  if (value.pageToken !== '' && !pattern3.test(value.pageToken))
    found = report(found, 'pageToken', 'does not match [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}');
  return found;
}

export function checkListOrdersResponse(value: orders.ListOrdersResponse): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  for (let index = 0; index < value.orders.length; index++) {
    const entry = value.orders[index]!;
    const inner = checkOrder(entry);
    if (inner !== undefined) found = nest(found, `orders[${index}]`, inner);
  }
  return found;
}

export function checkWatchOrderRequest(value: orders.WatchOrderRequest): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.orderId === '') found = report(found, 'orderId', 'is required');
  else {
    if (!pattern3.test(value.orderId))
      found = report(found, 'orderId', 'does not match [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}');
  }

  return found;
}

export function checkWatchOrderResponse(value: orders.WatchOrderResponse): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.order !== undefined) {
    const orderFound = checkOrder(value.order);
    if (orderFound !== undefined) found = nest(found, 'order', orderFound);
  }

  return found;
}

/** The methods of rookery.orders.v1.OrdersService, by property. */
export interface OrdersServiceMethods {
  readonly placeOrder: MethodDefinition<orders.PlaceOrderRequest, orders.PlaceOrderResponse>;
  readonly cancelOrder: MethodDefinition<orders.CancelOrderRequest, orders.CancelOrderResponse>;
  readonly getOrder: MethodDefinition<orders.GetOrderRequest, orders.GetOrderResponse>;
  readonly sealOrder: MethodDefinition<orders.SealOrderRequest, orders.SealOrderResponse>;
  readonly confirmOrder: MethodDefinition<orders.ConfirmOrderRequest, orders.ConfirmOrderResponse>;
  readonly abandonOrder: MethodDefinition<orders.AbandonOrderRequest, orders.AbandonOrderResponse>;
}

const ordersServiceMethods: OrdersServiceMethods = {
  placeOrder: {
    name: 'PlaceOrder',
    property: 'placeOrder',
    path: '/rookery.orders.v1.OrdersService/PlaceOrder',
    requestStream: false,
    responseStream: false,
    idempotency: 'idempotent',
    access: { scopes: ['orders:write'], isPublic: false, isInternal: false },
    routingKey: 'orderId',
    request: orders.PlaceOrderRequest,
    response: orders.PlaceOrderResponse,
    validate: (request) => checkPlaceOrderRequest(request) ?? NONE,
  },
  cancelOrder: {
    name: 'CancelOrder',
    property: 'cancelOrder',
    path: '/rookery.orders.v1.OrdersService/CancelOrder',
    requestStream: false,
    responseStream: false,
    idempotency: 'idempotent',
    access: { scopes: ['orders:write'], isPublic: false, isInternal: false },
    routingKey: 'orderId',
    request: orders.CancelOrderRequest,
    response: orders.CancelOrderResponse,
    validate: (request) => checkCancelOrderRequest(request) ?? NONE,
  },
  getOrder: {
    name: 'GetOrder',
    property: 'getOrder',
    path: '/rookery.orders.v1.OrdersService/GetOrder',
    requestStream: false,
    responseStream: false,
    idempotency: 'no-side-effects',
    access: { scopes: ['orders:read'], isPublic: false, isInternal: false },
    routingKey: 'orderId',
    request: orders.GetOrderRequest,
    response: orders.GetOrderResponse,
    validate: (request) => checkGetOrderRequest(request) ?? NONE,
  },
  sealOrder: {
    name: 'SealOrder',
    property: 'sealOrder',
    path: '/rookery.orders.v1.OrdersService/SealOrder',
    requestStream: false,
    responseStream: false,
    idempotency: 'idempotent',
    access: { scopes: [], isPublic: false, isInternal: true },
    routingKey: undefined,
    request: orders.SealOrderRequest,
    response: orders.SealOrderResponse,
    validate: (request) => checkSealOrderRequest(request) ?? NONE,
  },
  confirmOrder: {
    name: 'ConfirmOrder',
    property: 'confirmOrder',
    path: '/rookery.orders.v1.OrdersService/ConfirmOrder',
    requestStream: false,
    responseStream: false,
    idempotency: 'idempotent',
    access: { scopes: [], isPublic: false, isInternal: true },
    routingKey: undefined,
    request: orders.ConfirmOrderRequest,
    response: orders.ConfirmOrderResponse,
    validate: (request) => checkConfirmOrderRequest(request) ?? NONE,
  },
  abandonOrder: {
    name: 'AbandonOrder',
    property: 'abandonOrder',
    path: '/rookery.orders.v1.OrdersService/AbandonOrder',
    requestStream: false,
    responseStream: false,
    idempotency: 'idempotent',
    access: { scopes: [], isPublic: false, isInternal: true },
    routingKey: undefined,
    request: orders.AbandonOrderRequest,
    response: orders.AbandonOrderResponse,
    validate: (request) => checkAbandonOrderRequest(request) ?? NONE,
  },
};

export const OrdersServiceDefinition: ServiceDefinition & { readonly method: OrdersServiceMethods } = {
  name: 'rookery.orders.v1.OrdersService',
  service: 'orders',
  isGrain: true,
  methods: [
    ordersServiceMethods.placeOrder,
    ordersServiceMethods.cancelOrder,
    ordersServiceMethods.getOrder,
    ordersServiceMethods.sealOrder,
    ordersServiceMethods.confirmOrder,
    ordersServiceMethods.abandonOrder,
  ],
  method: ordersServiceMethods,
};

/**
 * Takes orders and sees them through: each ends as confirmed or as cancelled, once. One grain for each order.
 *
 * The customer is whoever the token speaks for. An order of another customer is NOT_FOUND ORDER_NOT_FOUND, like none.
 */
export abstract class OrdersServiceClient {
  static readonly definition = OrdersServiceDefinition;

  /**
   * Places an order under an id that the client has chosen; a repeat answers with what was placed. Stock and payment are
   * seen to afterwards. ALREADY_EXISTS ORDER_ID_TAKEN when that id has another order, whoever placed it.
   */
  abstract placeOrder(request: orders.PlaceOrderRequest, options?: CallOptions): Promise<orders.PlaceOrderResponse>;

  /** Cancels an order that is not sealed yet; one that is cancelled stays so. FAILED_PRECONDITION ORDER_SEALED afterwards. */
  abstract cancelOrder(request: orders.CancelOrderRequest, options?: CallOptions): Promise<orders.CancelOrderResponse>;

  /** The order as it is now. */
  abstract getOrder(request: orders.GetOrderRequest, options?: CallOptions): Promise<orders.GetOrderResponse>;

  /**
   * From here on the customer cannot cancel. Sent by the fulfilment of this service alone. FAILED_PRECONDITION
   * ORDER_CANCELLED when the customer was first.
   */
  abstract sealOrder(request: orders.SealOrderRequest, options?: CallOptions): Promise<orders.SealOrderResponse>;

  /** The order has its goods and is paid. Sent by the fulfilment of this service alone. */
  abstract confirmOrder(
    request: orders.ConfirmOrderRequest,
    options?: CallOptions,
  ): Promise<orders.ConfirmOrderResponse>;

  /** The order cannot be fulfilled and is cancelled, sealed or not. Sent by the fulfilment of this service alone. */
  abstract abandonOrder(
    request: orders.AbandonOrderRequest,
    options?: CallOptions,
  ): Promise<orders.AbandonOrderResponse>;
}

/** What a Nest controller of rookery.orders.v1.OrdersService has. */
export interface OrdersServiceController {
  /**
   * Places an order under an id that the client has chosen; a repeat answers with what was placed. Stock and payment are
   * seen to afterwards. ALREADY_EXISTS ORDER_ID_TAKEN when that id has another order, whoever placed it.
   */
  placeOrder(
    request: orders.PlaceOrderRequest,
    context: CallContext,
  ): orders.PlaceOrderResponse | Promise<orders.PlaceOrderResponse> | Observable<orders.PlaceOrderResponse>;

  /** Cancels an order that is not sealed yet; one that is cancelled stays so. FAILED_PRECONDITION ORDER_SEALED afterwards. */
  cancelOrder(
    request: orders.CancelOrderRequest,
    context: CallContext,
  ): orders.CancelOrderResponse | Promise<orders.CancelOrderResponse> | Observable<orders.CancelOrderResponse>;

  /** The order as it is now. */
  getOrder(
    request: orders.GetOrderRequest,
    context: CallContext,
  ): orders.GetOrderResponse | Promise<orders.GetOrderResponse> | Observable<orders.GetOrderResponse>;

  /**
   * From here on the customer cannot cancel. Sent by the fulfilment of this service alone. FAILED_PRECONDITION
   * ORDER_CANCELLED when the customer was first.
   */
  sealOrder(
    request: orders.SealOrderRequest,
    context: CallContext,
  ): orders.SealOrderResponse | Promise<orders.SealOrderResponse> | Observable<orders.SealOrderResponse>;

  /** The order has its goods and is paid. Sent by the fulfilment of this service alone. */
  confirmOrder(
    request: orders.ConfirmOrderRequest,
    context: CallContext,
  ): orders.ConfirmOrderResponse | Promise<orders.ConfirmOrderResponse> | Observable<orders.ConfirmOrderResponse>;

  /** The order cannot be fulfilled and is cancelled, sealed or not. Sent by the fulfilment of this service alone. */
  abandonOrder(
    request: orders.AbandonOrderRequest,
    context: CallContext,
  ): orders.AbandonOrderResponse | Promise<orders.AbandonOrderResponse> | Observable<orders.AbandonOrderResponse>;
}

/** Marks a controller of rookery.orders.v1.OrdersService: each of its methods becomes the handler of the method's path. */
export function OrdersServiceControllerMethods(): (controller: ControllerClass<OrdersServiceController>) => void {
  return (controller) => bindController(OrdersServiceDefinition, controller);
}

/** What a grain of the kind rookery.orders.v1.OrdersService has. */
export interface OrdersServiceGrain<Context = unknown> {
  /**
   * Places an order under an id that the client has chosen; a repeat answers with what was placed. Stock and payment are
   * seen to afterwards. ALREADY_EXISTS ORDER_ID_TAKEN when that id has another order, whoever placed it.
   */
  placeOrder(
    request: orders.PlaceOrderRequest,
    context: Context,
  ): orders.PlaceOrderResponse | Promise<orders.PlaceOrderResponse>;

  /** Cancels an order that is not sealed yet; one that is cancelled stays so. FAILED_PRECONDITION ORDER_SEALED afterwards. */
  cancelOrder(
    request: orders.CancelOrderRequest,
    context: Context,
  ): orders.CancelOrderResponse | Promise<orders.CancelOrderResponse>;

  /** The order as it is now. */
  getOrder(
    request: orders.GetOrderRequest,
    context: Context,
  ): orders.GetOrderResponse | Promise<orders.GetOrderResponse>;

  /**
   * From here on the customer cannot cancel. Sent by the fulfilment of this service alone. FAILED_PRECONDITION
   * ORDER_CANCELLED when the customer was first.
   */
  sealOrder(
    request: orders.SealOrderRequest,
    context: Context,
  ): orders.SealOrderResponse | Promise<orders.SealOrderResponse>;

  /** The order has its goods and is paid. Sent by the fulfilment of this service alone. */
  confirmOrder(
    request: orders.ConfirmOrderRequest,
    context: Context,
  ): orders.ConfirmOrderResponse | Promise<orders.ConfirmOrderResponse>;

  /** The order cannot be fulfilled and is cancelled, sealed or not. Sent by the fulfilment of this service alone. */
  abandonOrder(
    request: orders.AbandonOrderRequest,
    context: Context,
  ): orders.AbandonOrderResponse | Promise<orders.AbandonOrderResponse>;
}

/** One grain of the kind rookery.orders.v1.OrdersService, wherever it is active. */
export abstract class OrdersServiceGrainClient {
  static readonly definition = OrdersServiceDefinition;

  /**
   * Places an order under an id that the client has chosen; a repeat answers with what was placed. Stock and payment are
   * seen to afterwards. ALREADY_EXISTS ORDER_ID_TAKEN when that id has another order, whoever placed it.
   */
  abstract placeOrder(
    request: orders.PlaceOrderRequest,
    options?: GrainCallOptions,
  ): Promise<orders.PlaceOrderResponse>;

  /** Cancels an order that is not sealed yet; one that is cancelled stays so. FAILED_PRECONDITION ORDER_SEALED afterwards. */
  abstract cancelOrder(
    request: orders.CancelOrderRequest,
    options?: GrainCallOptions,
  ): Promise<orders.CancelOrderResponse>;

  /** The order as it is now. */
  abstract getOrder(request: orders.GetOrderRequest, options?: GrainCallOptions): Promise<orders.GetOrderResponse>;

  /**
   * From here on the customer cannot cancel. Sent by the fulfilment of this service alone. FAILED_PRECONDITION
   * ORDER_CANCELLED when the customer was first.
   */
  abstract sealOrder(request: orders.SealOrderRequest, options?: GrainCallOptions): Promise<orders.SealOrderResponse>;

  /** The order has its goods and is paid. Sent by the fulfilment of this service alone. */
  abstract confirmOrder(
    request: orders.ConfirmOrderRequest,
    options?: GrainCallOptions,
  ): Promise<orders.ConfirmOrderResponse>;

  /** The order cannot be fulfilled and is cancelled, sealed or not. Sent by the fulfilment of this service alone. */
  abstract abandonOrder(
    request: orders.AbandonOrderRequest,
    options?: GrainCallOptions,
  ): Promise<orders.AbandonOrderResponse>;
}

/** The methods of rookery.orders.v1.OrderQueryService, by property. */
export interface OrderQueryServiceMethods {
  readonly listOrders: MethodDefinition<orders.ListOrdersRequest, orders.ListOrdersResponse>;
  readonly watchOrder: MethodDefinition<orders.WatchOrderRequest, orders.WatchOrderResponse>;
}

const orderQueryServiceMethods: OrderQueryServiceMethods = {
  listOrders: {
    name: 'ListOrders',
    property: 'listOrders',
    path: '/rookery.orders.v1.OrderQueryService/ListOrders',
    requestStream: false,
    responseStream: false,
    idempotency: 'no-side-effects',
    access: { scopes: ['orders:read'], isPublic: false, isInternal: false },
    routingKey: undefined,
    request: orders.ListOrdersRequest,
    response: orders.ListOrdersResponse,
    validate: (request) => checkListOrdersRequest(request) ?? NONE,
  },
  watchOrder: {
    name: 'WatchOrder',
    property: 'watchOrder',
    path: '/rookery.orders.v1.OrderQueryService/WatchOrder',
    requestStream: false,
    responseStream: true,
    idempotency: 'no-side-effects',
    access: { scopes: ['orders:read'], isPublic: false, isInternal: false },
    routingKey: undefined,
    request: orders.WatchOrderRequest,
    response: orders.WatchOrderResponse,
    validate: (request) => checkWatchOrderRequest(request) ?? NONE,
  },
};

export const OrderQueryServiceDefinition: ServiceDefinition & { readonly method: OrderQueryServiceMethods } = {
  name: 'rookery.orders.v1.OrderQueryService',
  service: 'orders',
  isGrain: false,
  methods: [orderQueryServiceMethods.listOrders, orderQueryServiceMethods.watchOrder],
  method: orderQueryServiceMethods,
};

/** What only looks, and at more than one order or for longer than a moment: a grain takes one message at a time. */
export abstract class OrderQueryServiceClient {
  static readonly definition = OrderQueryServiceDefinition;

  /** The caller's own orders, the latest first. May be a moment behind GetOrder. */
  abstract listOrders(request: orders.ListOrdersRequest, options?: CallOptions): Promise<orders.ListOrdersResponse>;

  /** The order as it is, and after each change of it, until it is confirmed or cancelled: then the stream ends. */
  abstract watchOrder(
    request: orders.WatchOrderRequest,
    options?: CallOptions,
  ): AsyncIterable<orders.WatchOrderResponse>;
}

/** What a Nest controller of rookery.orders.v1.OrderQueryService has. */
export interface OrderQueryServiceController {
  /** The caller's own orders, the latest first. May be a moment behind GetOrder. */
  listOrders(
    request: orders.ListOrdersRequest,
    context: CallContext,
  ): orders.ListOrdersResponse | Promise<orders.ListOrdersResponse> | Observable<orders.ListOrdersResponse>;

  /** The order as it is, and after each change of it, until it is confirmed or cancelled: then the stream ends. */
  watchOrder(
    request: orders.WatchOrderRequest,
    context: CallContext,
  ): AsyncIterable<orders.WatchOrderResponse> | Observable<orders.WatchOrderResponse>;
}

/** Marks a controller of rookery.orders.v1.OrderQueryService: each of its methods becomes the handler of the method's path. */
export function OrderQueryServiceControllerMethods(): (
  controller: ControllerClass<OrderQueryServiceController>,
) => void {
  return (controller) => bindController(OrderQueryServiceDefinition, controller);
}
