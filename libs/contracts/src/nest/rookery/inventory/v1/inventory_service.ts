// Generated from proto/ by `npm run generate`; do not edit.

import type { Observable } from 'rxjs';
import { inventory } from '../../../../messages/index.js';
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

const pattern1 = new RegExp('^(?:[A-Za-z0-9._-]+)$', 'u');
const pattern2 = new RegExp('^(?:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$', 'u');

export function checkReceiveStockRequest(value: inventory.ReceiveStockRequest): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.sku === '') found = report(found, 'sku', 'is required');
  else {
    if (isLonger(value.sku, 64)) found = report(found, 'sku', 'has more than 64 characters');
    if (!pattern1.test(value.sku)) found = report(found, 'sku', 'does not match [A-Za-z0-9._-]+');
  }
  if (!(value.quantity >= 1)) found = report(found, 'quantity', 'must be at least 1');
  if (!(value.quantity <= 1000000)) found = report(found, 'quantity', 'must be at most 1000000');
  return found;
}

export function checkGetStockRequest(value: inventory.GetStockRequest): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.sku === '') found = report(found, 'sku', 'is required');
  else {
    if (isLonger(value.sku, 64)) found = report(found, 'sku', 'has more than 64 characters');
    if (!pattern1.test(value.sku)) found = report(found, 'sku', 'does not match [A-Za-z0-9._-]+');
  }

  return found;
}

export function checkReserveRequest(value: inventory.ReserveRequest): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.sku === '') found = report(found, 'sku', 'is required');
  else {
    if (isLonger(value.sku, 64)) found = report(found, 'sku', 'has more than 64 characters');
    if (!pattern1.test(value.sku)) found = report(found, 'sku', 'does not match [A-Za-z0-9._-]+');
  }
  if (value.orderId === '') found = report(found, 'orderId', 'is required');
  else {
    if (!pattern2.test(value.orderId))
      found = report(found, 'orderId', 'does not match [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}');
  }
  if (!(value.quantity >= 1)) found = report(found, 'quantity', 'must be at least 1');
  if (!(value.quantity <= 1000)) found = report(found, 'quantity', 'must be at most 1000');
  return found;
}

export function checkCommitRequest(value: inventory.CommitRequest): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.sku === '') found = report(found, 'sku', 'is required');
  else {
    if (isLonger(value.sku, 64)) found = report(found, 'sku', 'has more than 64 characters');
    if (!pattern1.test(value.sku)) found = report(found, 'sku', 'does not match [A-Za-z0-9._-]+');
  }
  if (value.orderId === '') found = report(found, 'orderId', 'is required');
  else {
    if (!pattern2.test(value.orderId))
      found = report(found, 'orderId', 'does not match [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}');
  }

  return found;
}

export function checkReleaseRequest(value: inventory.ReleaseRequest): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.sku === '') found = report(found, 'sku', 'is required');
  else {
    if (isLonger(value.sku, 64)) found = report(found, 'sku', 'has more than 64 characters');
    if (!pattern1.test(value.sku)) found = report(found, 'sku', 'does not match [A-Za-z0-9._-]+');
  }
  if (value.orderId === '') found = report(found, 'orderId', 'is required');
  else {
    if (!pattern2.test(value.orderId))
      found = report(found, 'orderId', 'does not match [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}');
  }

  return found;
}

export function checkReturnStockRequest(value: inventory.ReturnStockRequest): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.sku === '') found = report(found, 'sku', 'is required');
  else {
    if (isLonger(value.sku, 64)) found = report(found, 'sku', 'has more than 64 characters');
    if (!pattern1.test(value.sku)) found = report(found, 'sku', 'does not match [A-Za-z0-9._-]+');
  }
  if (value.orderId === '') found = report(found, 'orderId', 'is required');
  else {
    if (!pattern2.test(value.orderId))
      found = report(found, 'orderId', 'does not match [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}');
  }

  return found;
}

export function checkExpireReservationRequest(value: inventory.ExpireReservationRequest): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.sku === '') found = report(found, 'sku', 'is required');
  else {
    if (isLonger(value.sku, 64)) found = report(found, 'sku', 'has more than 64 characters');
    if (!pattern1.test(value.sku)) found = report(found, 'sku', 'does not match [A-Za-z0-9._-]+');
  }
  if (value.orderId === '') found = report(found, 'orderId', 'is required');
  else {
    if (!pattern2.test(value.orderId))
      found = report(found, 'orderId', 'does not match [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}');
  }

  return found;
}

/** The methods of rookery.inventory.v1.InventoryService, by property. */
export interface InventoryServiceMethods {
  readonly receiveStock: MethodDefinition<inventory.ReceiveStockRequest, inventory.ReceiveStockResponse>;
  readonly getStock: MethodDefinition<inventory.GetStockRequest, inventory.GetStockResponse>;
  readonly reserve: MethodDefinition<inventory.ReserveRequest, inventory.ReserveResponse>;
  readonly commit: MethodDefinition<inventory.CommitRequest, inventory.CommitResponse>;
  readonly release: MethodDefinition<inventory.ReleaseRequest, inventory.ReleaseResponse>;
  readonly returnStock: MethodDefinition<inventory.ReturnStockRequest, inventory.ReturnStockResponse>;
  readonly expireReservation: MethodDefinition<inventory.ExpireReservationRequest, inventory.ExpireReservationResponse>;
}

const inventoryServiceMethods: InventoryServiceMethods = {
  receiveStock: {
    name: 'ReceiveStock',
    property: 'receiveStock',
    path: '/rookery.inventory.v1.InventoryService/ReceiveStock',
    requestStream: false,
    responseStream: false,
    idempotency: 'unknown',
    access: { scopes: ['inventory:write'], isPublic: false, isInternal: false },
    routingKey: 'sku',
    request: inventory.ReceiveStockRequest,
    response: inventory.ReceiveStockResponse,
    validate: (request) => checkReceiveStockRequest(request) ?? NONE,
  },
  getStock: {
    name: 'GetStock',
    property: 'getStock',
    path: '/rookery.inventory.v1.InventoryService/GetStock',
    requestStream: false,
    responseStream: false,
    idempotency: 'no-side-effects',
    access: { scopes: ['inventory:read'], isPublic: false, isInternal: false },
    routingKey: 'sku',
    request: inventory.GetStockRequest,
    response: inventory.GetStockResponse,
    validate: (request) => checkGetStockRequest(request) ?? NONE,
  },
  reserve: {
    name: 'Reserve',
    property: 'reserve',
    path: '/rookery.inventory.v1.InventoryService/Reserve',
    requestStream: false,
    responseStream: false,
    idempotency: 'idempotent',
    access: { scopes: [], isPublic: false, isInternal: true },
    routingKey: 'sku',
    request: inventory.ReserveRequest,
    response: inventory.ReserveResponse,
    validate: (request) => checkReserveRequest(request) ?? NONE,
  },
  commit: {
    name: 'Commit',
    property: 'commit',
    path: '/rookery.inventory.v1.InventoryService/Commit',
    requestStream: false,
    responseStream: false,
    idempotency: 'idempotent',
    access: { scopes: [], isPublic: false, isInternal: true },
    routingKey: 'sku',
    request: inventory.CommitRequest,
    response: inventory.CommitResponse,
    validate: (request) => checkCommitRequest(request) ?? NONE,
  },
  release: {
    name: 'Release',
    property: 'release',
    path: '/rookery.inventory.v1.InventoryService/Release',
    requestStream: false,
    responseStream: false,
    idempotency: 'idempotent',
    access: { scopes: [], isPublic: false, isInternal: true },
    routingKey: 'sku',
    request: inventory.ReleaseRequest,
    response: inventory.ReleaseResponse,
    validate: (request) => checkReleaseRequest(request) ?? NONE,
  },
  returnStock: {
    name: 'ReturnStock',
    property: 'returnStock',
    path: '/rookery.inventory.v1.InventoryService/ReturnStock',
    requestStream: false,
    responseStream: false,
    idempotency: 'idempotent',
    access: { scopes: [], isPublic: false, isInternal: true },
    routingKey: 'sku',
    request: inventory.ReturnStockRequest,
    response: inventory.ReturnStockResponse,
    validate: (request) => checkReturnStockRequest(request) ?? NONE,
  },
  expireReservation: {
    name: 'ExpireReservation',
    property: 'expireReservation',
    path: '/rookery.inventory.v1.InventoryService/ExpireReservation',
    requestStream: false,
    responseStream: false,
    idempotency: 'idempotent',
    access: { scopes: [], isPublic: false, isInternal: true },
    routingKey: undefined,
    request: inventory.ExpireReservationRequest,
    response: inventory.ExpireReservationResponse,
    validate: (request) => checkExpireReservationRequest(request) ?? NONE,
  },
};

export const InventoryServiceDefinition: ServiceDefinition & { readonly method: InventoryServiceMethods } = {
  name: 'rookery.inventory.v1.InventoryService',
  service: 'inventory',
  isGrain: true,
  methods: [
    inventoryServiceMethods.receiveStock,
    inventoryServiceMethods.getStock,
    inventoryServiceMethods.reserve,
    inventoryServiceMethods.commit,
    inventoryServiceMethods.release,
    inventoryServiceMethods.returnStock,
    inventoryServiceMethods.expireReservation,
  ],
  method: inventoryServiceMethods,
};

/**
 * Counts the units of each SKU: what is there, what is reserved for orders, what is sold. One grain for each SKU, so that
 * nobody waits for anybody else's lock. At all times available + reserved + sold = received, and none of them is negative.
 *
 * An order has at most one reservation of a SKU and never another one: what has become of it answers every repeat. So all
 * methods about an order may be repeated; ReceiveStock may with the same command id.
 */
export abstract class InventoryServiceClient {
  static readonly definition = InventoryServiceDefinition;

  /** Adds units. Without a command id (metadata `idempotency-key`) a repeat adds again. */
  abstract receiveStock(
    request: inventory.ReceiveStockRequest,
    options?: CallOptions,
  ): Promise<inventory.ReceiveStockResponse>;

  /** How many units there are. All are 0 for a SKU that was never received. */
  abstract getStock(request: inventory.GetStockRequest, options?: CallOptions): Promise<inventory.GetStockResponse>;

  /**
   * Puts units aside for an order until they are committed, released or the reservation expires. FAILED_PRECONDITION
   * OUT_OF_STOCK when there are fewer; RESERVATION_RELEASED and RESERVATION_EXPIRED when that order's has come to that end;
   * RESERVATION_DIFFERS when it reserved another quantity.
   */
  abstract reserve(request: inventory.ReserveRequest, options?: CallOptions): Promise<inventory.ReserveResponse>;

  /**
   * The reserved units are sold. NOT_FOUND RESERVATION_UNKNOWN without a reservation, FAILED_PRECONDITION
   * RESERVATION_EXPIRED, RESERVATION_RELEASED or STOCK_RETURNED when it has ended otherwise.
   */
  abstract commit(request: inventory.CommitRequest, options?: CallOptions): Promise<inventory.CommitResponse>;

  /**
   * The reserved units are available again. Without a reservation it is remembered, so that one that arrives late is
   * refused. FAILED_PRECONDITION STOCK_SOLD when they were committed: those are returned.
   */
  abstract release(request: inventory.ReleaseRequest, options?: CallOptions): Promise<inventory.ReleaseResponse>;

  /** Units that were sold to an order are available again. FAILED_PRECONDITION STOCK_NOT_SOLD when none were. */
  abstract returnStock(
    request: inventory.ReturnStockRequest,
    options?: CallOptions,
  ): Promise<inventory.ReturnStockResponse>;

  /** Ends a reservation whose time is over; does nothing to one that has ended. Sent by the timers of this service alone. */
  abstract expireReservation(
    request: inventory.ExpireReservationRequest,
    options?: CallOptions,
  ): Promise<inventory.ExpireReservationResponse>;
}

/** What a Nest controller of rookery.inventory.v1.InventoryService has. */
export interface InventoryServiceController {
  /** Adds units. Without a command id (metadata `idempotency-key`) a repeat adds again. */
  receiveStock(
    request: inventory.ReceiveStockRequest,
    context: CallContext,
  ):
    | inventory.ReceiveStockResponse
    | Promise<inventory.ReceiveStockResponse>
    | Observable<inventory.ReceiveStockResponse>;

  /** How many units there are. All are 0 for a SKU that was never received. */
  getStock(
    request: inventory.GetStockRequest,
    context: CallContext,
  ): inventory.GetStockResponse | Promise<inventory.GetStockResponse> | Observable<inventory.GetStockResponse>;

  /**
   * Puts units aside for an order until they are committed, released or the reservation expires. FAILED_PRECONDITION
   * OUT_OF_STOCK when there are fewer; RESERVATION_RELEASED and RESERVATION_EXPIRED when that order's has come to that end;
   * RESERVATION_DIFFERS when it reserved another quantity.
   */
  reserve(
    request: inventory.ReserveRequest,
    context: CallContext,
  ): inventory.ReserveResponse | Promise<inventory.ReserveResponse> | Observable<inventory.ReserveResponse>;

  /**
   * The reserved units are sold. NOT_FOUND RESERVATION_UNKNOWN without a reservation, FAILED_PRECONDITION
   * RESERVATION_EXPIRED, RESERVATION_RELEASED or STOCK_RETURNED when it has ended otherwise.
   */
  commit(
    request: inventory.CommitRequest,
    context: CallContext,
  ): inventory.CommitResponse | Promise<inventory.CommitResponse> | Observable<inventory.CommitResponse>;

  /**
   * The reserved units are available again. Without a reservation it is remembered, so that one that arrives late is
   * refused. FAILED_PRECONDITION STOCK_SOLD when they were committed: those are returned.
   */
  release(
    request: inventory.ReleaseRequest,
    context: CallContext,
  ): inventory.ReleaseResponse | Promise<inventory.ReleaseResponse> | Observable<inventory.ReleaseResponse>;

  /** Units that were sold to an order are available again. FAILED_PRECONDITION STOCK_NOT_SOLD when none were. */
  returnStock(
    request: inventory.ReturnStockRequest,
    context: CallContext,
  ): inventory.ReturnStockResponse | Promise<inventory.ReturnStockResponse> | Observable<inventory.ReturnStockResponse>;

  /** Ends a reservation whose time is over; does nothing to one that has ended. Sent by the timers of this service alone. */
  expireReservation(
    request: inventory.ExpireReservationRequest,
    context: CallContext,
  ):
    | inventory.ExpireReservationResponse
    | Promise<inventory.ExpireReservationResponse>
    | Observable<inventory.ExpireReservationResponse>;
}

/** Marks a controller of rookery.inventory.v1.InventoryService: each of its methods becomes the handler of the method's path. */
export function InventoryServiceControllerMethods(): (controller: ControllerClass<InventoryServiceController>) => void {
  return (controller) => bindController(InventoryServiceDefinition, controller);
}

/** What a grain of the kind rookery.inventory.v1.InventoryService has. */
export interface InventoryServiceGrain<Context = unknown> {
  /** Adds units. Without a command id (metadata `idempotency-key`) a repeat adds again. */
  receiveStock(
    request: inventory.ReceiveStockRequest,
    context: Context,
  ): inventory.ReceiveStockResponse | Promise<inventory.ReceiveStockResponse>;

  /** How many units there are. All are 0 for a SKU that was never received. */
  getStock(
    request: inventory.GetStockRequest,
    context: Context,
  ): inventory.GetStockResponse | Promise<inventory.GetStockResponse>;

  /**
   * Puts units aside for an order until they are committed, released or the reservation expires. FAILED_PRECONDITION
   * OUT_OF_STOCK when there are fewer; RESERVATION_RELEASED and RESERVATION_EXPIRED when that order's has come to that end;
   * RESERVATION_DIFFERS when it reserved another quantity.
   */
  reserve(
    request: inventory.ReserveRequest,
    context: Context,
  ): inventory.ReserveResponse | Promise<inventory.ReserveResponse>;

  /**
   * The reserved units are sold. NOT_FOUND RESERVATION_UNKNOWN without a reservation, FAILED_PRECONDITION
   * RESERVATION_EXPIRED, RESERVATION_RELEASED or STOCK_RETURNED when it has ended otherwise.
   */
  commit(
    request: inventory.CommitRequest,
    context: Context,
  ): inventory.CommitResponse | Promise<inventory.CommitResponse>;

  /**
   * The reserved units are available again. Without a reservation it is remembered, so that one that arrives late is
   * refused. FAILED_PRECONDITION STOCK_SOLD when they were committed: those are returned.
   */
  release(
    request: inventory.ReleaseRequest,
    context: Context,
  ): inventory.ReleaseResponse | Promise<inventory.ReleaseResponse>;

  /** Units that were sold to an order are available again. FAILED_PRECONDITION STOCK_NOT_SOLD when none were. */
  returnStock(
    request: inventory.ReturnStockRequest,
    context: Context,
  ): inventory.ReturnStockResponse | Promise<inventory.ReturnStockResponse>;

  /** Ends a reservation whose time is over; does nothing to one that has ended. Sent by the timers of this service alone. */
  expireReservation(
    request: inventory.ExpireReservationRequest,
    context: Context,
  ): inventory.ExpireReservationResponse | Promise<inventory.ExpireReservationResponse>;
}

/** One grain of the kind rookery.inventory.v1.InventoryService, wherever it is active. */
export abstract class InventoryServiceGrainClient {
  static readonly definition = InventoryServiceDefinition;

  /** Adds units. Without a command id (metadata `idempotency-key`) a repeat adds again. */
  abstract receiveStock(
    request: inventory.ReceiveStockRequest,
    options?: GrainCallOptions,
  ): Promise<inventory.ReceiveStockResponse>;

  /** How many units there are. All are 0 for a SKU that was never received. */
  abstract getStock(
    request: inventory.GetStockRequest,
    options?: GrainCallOptions,
  ): Promise<inventory.GetStockResponse>;

  /**
   * Puts units aside for an order until they are committed, released or the reservation expires. FAILED_PRECONDITION
   * OUT_OF_STOCK when there are fewer; RESERVATION_RELEASED and RESERVATION_EXPIRED when that order's has come to that end;
   * RESERVATION_DIFFERS when it reserved another quantity.
   */
  abstract reserve(request: inventory.ReserveRequest, options?: GrainCallOptions): Promise<inventory.ReserveResponse>;

  /**
   * The reserved units are sold. NOT_FOUND RESERVATION_UNKNOWN without a reservation, FAILED_PRECONDITION
   * RESERVATION_EXPIRED, RESERVATION_RELEASED or STOCK_RETURNED when it has ended otherwise.
   */
  abstract commit(request: inventory.CommitRequest, options?: GrainCallOptions): Promise<inventory.CommitResponse>;

  /**
   * The reserved units are available again. Without a reservation it is remembered, so that one that arrives late is
   * refused. FAILED_PRECONDITION STOCK_SOLD when they were committed: those are returned.
   */
  abstract release(request: inventory.ReleaseRequest, options?: GrainCallOptions): Promise<inventory.ReleaseResponse>;

  /** Units that were sold to an order are available again. FAILED_PRECONDITION STOCK_NOT_SOLD when none were. */
  abstract returnStock(
    request: inventory.ReturnStockRequest,
    options?: GrainCallOptions,
  ): Promise<inventory.ReturnStockResponse>;

  /** Ends a reservation whose time is over; does nothing to one that has ended. Sent by the timers of this service alone. */
  abstract expireReservation(
    request: inventory.ExpireReservationRequest,
    options?: GrainCallOptions,
  ): Promise<inventory.ExpireReservationResponse>;
}
