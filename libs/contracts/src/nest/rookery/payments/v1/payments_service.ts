// Generated from proto/ by `npm run generate`; do not edit.

import type { Observable } from 'rxjs';
import { payments } from '../../../../messages/index.js';
import { bindController, type ControllerClass } from '../../../controller-methods.js';
import { nest, NONE, report } from '../../../field-violations.js';
import type {
  CallContext,
  CallOptions,
  FieldViolation,
  GrainCallOptions,
  MethodDefinition,
  ServiceDefinition,
} from '../../../service-definition.js';

const pattern1 = new RegExp('^(?:EUR|USD|GBP|JPY)$', 'u');
const pattern2 = new RegExp('^(?:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$', 'u');
const pattern3 = new RegExp('^(?:tok_[a-z0-9_]{1,60})$', 'u');

export function checkPayment(value: payments.Payment): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.amount !== undefined) {
    const amountFound = checkMoney(value.amount);
    if (amountFound !== undefined) found = nest(found, 'amount', amountFound);
  }

  return found;
}

export function checkMoney(value: payments.Money): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.currency === '') found = report(found, 'currency', 'is required');
  else {
    if (!pattern1.test(value.currency)) found = report(found, 'currency', 'does not match EUR|USD|GBP|JPY');
  }
  if (!(value.minorUnits >= 1)) found = report(found, 'minorUnits', 'must be at least 1');
  if (!(value.minorUnits <= 1000000000000)) found = report(found, 'minorUnits', 'must be at most 1000000000000');
  return found;
}

export function checkAuthoriseRequest(value: payments.AuthoriseRequest): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.orderId === '') found = report(found, 'orderId', 'is required');
  else {
    if (!pattern2.test(value.orderId))
      found = report(found, 'orderId', 'does not match [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}');
  }
  if (value.amount === undefined) found = report(found, 'amount', 'is required');
  else {
    const amountFound = checkMoney(value.amount);
    if (amountFound !== undefined) found = nest(found, 'amount', amountFound);
  }
  if (value.card === '') found = report(found, 'card', 'is required');
  else {
    if (!pattern3.test(value.card)) found = report(found, 'card', 'does not match tok_[a-z0-9_]{1,60}');
  }

  return found;
}

export function checkAuthoriseResponse(value: payments.AuthoriseResponse): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.payment !== undefined) {
    const paymentFound = checkPayment(value.payment);
    if (paymentFound !== undefined) found = nest(found, 'payment', paymentFound);
  }

  return found;
}

export function checkCaptureRequest(value: payments.CaptureRequest): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.orderId === '') found = report(found, 'orderId', 'is required');
  else {
    if (!pattern2.test(value.orderId))
      found = report(found, 'orderId', 'does not match [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}');
  }

  return found;
}

export function checkCaptureResponse(value: payments.CaptureResponse): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.payment !== undefined) {
    const paymentFound = checkPayment(value.payment);
    if (paymentFound !== undefined) found = nest(found, 'payment', paymentFound);
  }

  return found;
}

export function checkVoidRequest(value: payments.VoidRequest): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.orderId === '') found = report(found, 'orderId', 'is required');
  else {
    if (!pattern2.test(value.orderId))
      found = report(found, 'orderId', 'does not match [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}');
  }

  return found;
}

export function checkVoidResponse(value: payments.VoidResponse): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.payment !== undefined) {
    const paymentFound = checkPayment(value.payment);
    if (paymentFound !== undefined) found = nest(found, 'payment', paymentFound);
  }

  return found;
}

export function checkGetPaymentRequest(value: payments.GetPaymentRequest): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.orderId === '') found = report(found, 'orderId', 'is required');
  else {
    if (!pattern2.test(value.orderId))
      found = report(found, 'orderId', 'does not match [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}');
  }

  return found;
}

export function checkGetPaymentResponse(value: payments.GetPaymentResponse): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.payment !== undefined) {
    const paymentFound = checkPayment(value.payment);
    if (paymentFound !== undefined) found = nest(found, 'payment', paymentFound);
  }

  return found;
}

export function checkSettleRequest(value: payments.SettleRequest): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.orderId === '') found = report(found, 'orderId', 'is required');
  else {
    if (!pattern2.test(value.orderId))
      found = report(found, 'orderId', 'does not match [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}');
  }

  return found;
}

export function checkSettleResponse(value: payments.SettleResponse): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.payment !== undefined) {
    const paymentFound = checkPayment(value.payment);
    if (paymentFound !== undefined) found = nest(found, 'payment', paymentFound);
  }

  return found;
}

export function checkGiveUpRequest(value: payments.GiveUpRequest): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.orderId === '') found = report(found, 'orderId', 'is required');
  else {
    if (!pattern2.test(value.orderId))
      found = report(found, 'orderId', 'does not match [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}');
  }

  return found;
}

export function checkGiveUpResponse(value: payments.GiveUpResponse): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.payment !== undefined) {
    const paymentFound = checkPayment(value.payment);
    if (paymentFound !== undefined) found = nest(found, 'payment', paymentFound);
  }

  return found;
}

/** The methods of rookery.payments.v1.PaymentsService, by property. */
export interface PaymentsServiceMethods {
  readonly authorise: MethodDefinition<payments.AuthoriseRequest, payments.AuthoriseResponse>;
  readonly capture: MethodDefinition<payments.CaptureRequest, payments.CaptureResponse>;
  readonly void: MethodDefinition<payments.VoidRequest, payments.VoidResponse>;
  readonly getPayment: MethodDefinition<payments.GetPaymentRequest, payments.GetPaymentResponse>;
  readonly settle: MethodDefinition<payments.SettleRequest, payments.SettleResponse>;
  readonly giveUp: MethodDefinition<payments.GiveUpRequest, payments.GiveUpResponse>;
}

const paymentsServiceMethods: PaymentsServiceMethods = {
  authorise: {
    name: 'Authorise',
    property: 'authorise',
    path: '/rookery.payments.v1.PaymentsService/Authorise',
    requestStream: false,
    responseStream: false,
    idempotency: 'idempotent',
    access: { scopes: [], isPublic: false, isInternal: true },
    routingKey: 'orderId',
    request: payments.AuthoriseRequest,
    response: payments.AuthoriseResponse,
    validate: (request) => checkAuthoriseRequest(request) ?? NONE,
  },
  capture: {
    name: 'Capture',
    property: 'capture',
    path: '/rookery.payments.v1.PaymentsService/Capture',
    requestStream: false,
    responseStream: false,
    idempotency: 'idempotent',
    access: { scopes: [], isPublic: false, isInternal: true },
    routingKey: 'orderId',
    request: payments.CaptureRequest,
    response: payments.CaptureResponse,
    validate: (request) => checkCaptureRequest(request) ?? NONE,
  },
  void: {
    name: 'Void',
    property: 'void',
    path: '/rookery.payments.v1.PaymentsService/Void',
    requestStream: false,
    responseStream: false,
    idempotency: 'idempotent',
    access: { scopes: [], isPublic: false, isInternal: true },
    routingKey: 'orderId',
    request: payments.VoidRequest,
    response: payments.VoidResponse,
    validate: (request) => checkVoidRequest(request) ?? NONE,
  },
  getPayment: {
    name: 'GetPayment',
    property: 'getPayment',
    path: '/rookery.payments.v1.PaymentsService/GetPayment',
    requestStream: false,
    responseStream: false,
    idempotency: 'no-side-effects',
    access: { scopes: ['payments:read'], isPublic: false, isInternal: false },
    routingKey: 'orderId',
    request: payments.GetPaymentRequest,
    response: payments.GetPaymentResponse,
    validate: (request) => checkGetPaymentRequest(request) ?? NONE,
  },
  settle: {
    name: 'Settle',
    property: 'settle',
    path: '/rookery.payments.v1.PaymentsService/Settle',
    requestStream: false,
    responseStream: false,
    idempotency: 'idempotent',
    access: { scopes: [], isPublic: false, isInternal: true },
    routingKey: undefined,
    request: payments.SettleRequest,
    response: payments.SettleResponse,
    validate: (request) => checkSettleRequest(request) ?? NONE,
  },
  giveUp: {
    name: 'GiveUp',
    property: 'giveUp',
    path: '/rookery.payments.v1.PaymentsService/GiveUp',
    requestStream: false,
    responseStream: false,
    idempotency: 'idempotent',
    access: { scopes: [], isPublic: false, isInternal: true },
    routingKey: undefined,
    request: payments.GiveUpRequest,
    response: payments.GiveUpResponse,
    validate: (request) => checkGiveUpRequest(request) ?? NONE,
  },
};

export const PaymentsServiceDefinition: ServiceDefinition & { readonly method: PaymentsServiceMethods } = {
  name: 'rookery.payments.v1.PaymentsService',
  service: 'payments',
  isGrain: true,
  methods: [
    paymentsServiceMethods.authorise,
    paymentsServiceMethods.capture,
    paymentsServiceMethods.void,
    paymentsServiceMethods.getPayment,
    paymentsServiceMethods.settle,
    paymentsServiceMethods.giveUp,
  ],
  method: paymentsServiceMethods,
};

/**
 * Takes money for orders: authorises it, and captures or voids that. One grain for each payment, and an order has one.
 * The payment service provider behind it is a simulated one, whose behaviour the card chooses:
 *
 * tok_ok                    approves
 * tok_slow                  approves, and takes its time for every answer
 * tok_duplicate             approves, and every answer comes twice
 * tok_declined              declines the authorisation
 * tok_insufficient_funds    declines the authorisation, for that reason
 * tok_capture_declined      approves the authorisation and declines its capture, for good
 * tok_timeout_once          does what it was asked and does not answer; answers when it is asked again
 * tok_capture_timeout_once  the same, for the capture alone
 * tok_timeout               never answers an authorisation, which is voided by its caller or, after a while, by this service
 *
 * Any other card is declined as unknown. What was asked of the provider is recorded before it is asked, and asked again under
 * the same key until the answer is known.
 */
export abstract class PaymentsServiceClient {
  static readonly definition = PaymentsServiceDefinition;

  /**
   * Asks the provider to set the amount aside. A declined payment is an answer, no error. UNAVAILABLE PROVIDER_TIMED_OUT
   * when the provider did not answer: ask again. FAILED_PRECONDITION PAYMENT_VOIDED when it was voided before, and
   * PAYMENT_DIFFERS when another amount or card was asked for before.
   */
  abstract authorise(request: payments.AuthoriseRequest, options?: CallOptions): Promise<payments.AuthoriseResponse>;

  /**
   * Takes the authorised amount. A declined capture is an answer, no error, and stays declined. FAILED_PRECONDITION
   * PAYMENT_NOT_AUTHORISED or PAYMENT_VOIDED when there is nothing to capture.
   */
  abstract capture(request: payments.CaptureRequest, options?: CallOptions): Promise<payments.CaptureResponse>;

  /**
   * Gives up what was authorised. Without a payment it is remembered, so that an authorisation that arrives late is refused.
   * FAILED_PRECONDITION PAYMENT_CAPTURED when the money was taken, or may have been.
   */
  abstract void(request: payments.VoidRequest, options?: CallOptions): Promise<payments.VoidResponse>;

  /** NOT_FOUND PAYMENT_NOT_FOUND when nothing was ever asked for that order. */
  abstract getPayment(request: payments.GetPaymentRequest, options?: CallOptions): Promise<payments.GetPaymentResponse>;

  /**
   * Asks the provider again for what it has not answered; does nothing when nothing is open. UNAVAILABLE PROVIDER_TIMED_OUT when
   * it does not answer now either. Sent by the timers of this service alone.
   */
  abstract settle(request: payments.SettleRequest, options?: CallOptions): Promise<payments.SettleResponse>;

  /**
   * Voids a payment of which it is still not known whether it is authorised; does nothing to any other. Sent by the timers of this
   * service alone, when the provider was asked for long enough.
   */
  abstract giveUp(request: payments.GiveUpRequest, options?: CallOptions): Promise<payments.GiveUpResponse>;
}

/** What a Nest controller of rookery.payments.v1.PaymentsService has. */
export interface PaymentsServiceController {
  /**
   * Asks the provider to set the amount aside. A declined payment is an answer, no error. UNAVAILABLE PROVIDER_TIMED_OUT
   * when the provider did not answer: ask again. FAILED_PRECONDITION PAYMENT_VOIDED when it was voided before, and
   * PAYMENT_DIFFERS when another amount or card was asked for before.
   */
  authorise(
    request: payments.AuthoriseRequest,
    context: CallContext,
  ): payments.AuthoriseResponse | Promise<payments.AuthoriseResponse> | Observable<payments.AuthoriseResponse>;

  /**
   * Takes the authorised amount. A declined capture is an answer, no error, and stays declined. FAILED_PRECONDITION
   * PAYMENT_NOT_AUTHORISED or PAYMENT_VOIDED when there is nothing to capture.
   */
  capture(
    request: payments.CaptureRequest,
    context: CallContext,
  ): payments.CaptureResponse | Promise<payments.CaptureResponse> | Observable<payments.CaptureResponse>;

  /**
   * Gives up what was authorised. Without a payment it is remembered, so that an authorisation that arrives late is refused.
   * FAILED_PRECONDITION PAYMENT_CAPTURED when the money was taken, or may have been.
   */
  void(
    request: payments.VoidRequest,
    context: CallContext,
  ): payments.VoidResponse | Promise<payments.VoidResponse> | Observable<payments.VoidResponse>;

  /** NOT_FOUND PAYMENT_NOT_FOUND when nothing was ever asked for that order. */
  getPayment(
    request: payments.GetPaymentRequest,
    context: CallContext,
  ): payments.GetPaymentResponse | Promise<payments.GetPaymentResponse> | Observable<payments.GetPaymentResponse>;

  /**
   * Asks the provider again for what it has not answered; does nothing when nothing is open. UNAVAILABLE PROVIDER_TIMED_OUT when
   * it does not answer now either. Sent by the timers of this service alone.
   */
  settle(
    request: payments.SettleRequest,
    context: CallContext,
  ): payments.SettleResponse | Promise<payments.SettleResponse> | Observable<payments.SettleResponse>;

  /**
   * Voids a payment of which it is still not known whether it is authorised; does nothing to any other. Sent by the timers of this
   * service alone, when the provider was asked for long enough.
   */
  giveUp(
    request: payments.GiveUpRequest,
    context: CallContext,
  ): payments.GiveUpResponse | Promise<payments.GiveUpResponse> | Observable<payments.GiveUpResponse>;
}

/** Marks a controller of rookery.payments.v1.PaymentsService: each of its methods becomes the handler of the method's path. */
export function PaymentsServiceControllerMethods(): (controller: ControllerClass<PaymentsServiceController>) => void {
  return (controller) => bindController(PaymentsServiceDefinition, controller);
}

/** What a grain of the kind rookery.payments.v1.PaymentsService has. */
export interface PaymentsServiceGrain<Context = unknown> {
  /**
   * Asks the provider to set the amount aside. A declined payment is an answer, no error. UNAVAILABLE PROVIDER_TIMED_OUT
   * when the provider did not answer: ask again. FAILED_PRECONDITION PAYMENT_VOIDED when it was voided before, and
   * PAYMENT_DIFFERS when another amount or card was asked for before.
   */
  authorise(
    request: payments.AuthoriseRequest,
    context: Context,
  ): payments.AuthoriseResponse | Promise<payments.AuthoriseResponse>;

  /**
   * Takes the authorised amount. A declined capture is an answer, no error, and stays declined. FAILED_PRECONDITION
   * PAYMENT_NOT_AUTHORISED or PAYMENT_VOIDED when there is nothing to capture.
   */
  capture(
    request: payments.CaptureRequest,
    context: Context,
  ): payments.CaptureResponse | Promise<payments.CaptureResponse>;

  /**
   * Gives up what was authorised. Without a payment it is remembered, so that an authorisation that arrives late is refused.
   * FAILED_PRECONDITION PAYMENT_CAPTURED when the money was taken, or may have been.
   */
  void(request: payments.VoidRequest, context: Context): payments.VoidResponse | Promise<payments.VoidResponse>;

  /** NOT_FOUND PAYMENT_NOT_FOUND when nothing was ever asked for that order. */
  getPayment(
    request: payments.GetPaymentRequest,
    context: Context,
  ): payments.GetPaymentResponse | Promise<payments.GetPaymentResponse>;

  /**
   * Asks the provider again for what it has not answered; does nothing when nothing is open. UNAVAILABLE PROVIDER_TIMED_OUT when
   * it does not answer now either. Sent by the timers of this service alone.
   */
  settle(request: payments.SettleRequest, context: Context): payments.SettleResponse | Promise<payments.SettleResponse>;

  /**
   * Voids a payment of which it is still not known whether it is authorised; does nothing to any other. Sent by the timers of this
   * service alone, when the provider was asked for long enough.
   */
  giveUp(request: payments.GiveUpRequest, context: Context): payments.GiveUpResponse | Promise<payments.GiveUpResponse>;
}

/** One grain of the kind rookery.payments.v1.PaymentsService, wherever it is active. */
export abstract class PaymentsServiceGrainClient {
  static readonly definition = PaymentsServiceDefinition;

  /**
   * Asks the provider to set the amount aside. A declined payment is an answer, no error. UNAVAILABLE PROVIDER_TIMED_OUT
   * when the provider did not answer: ask again. FAILED_PRECONDITION PAYMENT_VOIDED when it was voided before, and
   * PAYMENT_DIFFERS when another amount or card was asked for before.
   */
  abstract authorise(
    request: payments.AuthoriseRequest,
    options?: GrainCallOptions,
  ): Promise<payments.AuthoriseResponse>;

  /**
   * Takes the authorised amount. A declined capture is an answer, no error, and stays declined. FAILED_PRECONDITION
   * PAYMENT_NOT_AUTHORISED or PAYMENT_VOIDED when there is nothing to capture.
   */
  abstract capture(request: payments.CaptureRequest, options?: GrainCallOptions): Promise<payments.CaptureResponse>;

  /**
   * Gives up what was authorised. Without a payment it is remembered, so that an authorisation that arrives late is refused.
   * FAILED_PRECONDITION PAYMENT_CAPTURED when the money was taken, or may have been.
   */
  abstract void(request: payments.VoidRequest, options?: GrainCallOptions): Promise<payments.VoidResponse>;

  /** NOT_FOUND PAYMENT_NOT_FOUND when nothing was ever asked for that order. */
  abstract getPayment(
    request: payments.GetPaymentRequest,
    options?: GrainCallOptions,
  ): Promise<payments.GetPaymentResponse>;

  /**
   * Asks the provider again for what it has not answered; does nothing when nothing is open. UNAVAILABLE PROVIDER_TIMED_OUT when
   * it does not answer now either. Sent by the timers of this service alone.
   */
  abstract settle(request: payments.SettleRequest, options?: GrainCallOptions): Promise<payments.SettleResponse>;

  /**
   * Voids a payment of which it is still not known whether it is authorised; does nothing to any other. Sent by the timers of this
   * service alone, when the provider was asked for long enough.
   */
  abstract giveUp(request: payments.GiveUpRequest, options?: GrainCallOptions): Promise<payments.GiveUpResponse>;
}
