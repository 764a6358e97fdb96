import { googleRpc } from '@rookery/contracts/messages';
import { DomainError, type FieldViolation } from '@rookery/runtime';

import { type CallStatus, NO_METADATA, plainStatus, type StatusDetail, statusName } from './call-status.js';
import { StatusCode, kindOf, statusCodeOf } from './status-code.js';

const ERROR_INFO = 'type.googleapis.com/google.rpc.ErrorInfo';
const BAD_REQUEST = 'type.googleapis.com/google.rpc.BadRequest';
const RETRY_INFO = 'type.googleapis.com/google.rpc.RetryInfo';
const DOMAIN = 'rookery';

/** HTTP statuses that Nest's own exceptions carry, where a handler, guard or pipe throws one. */
const HTTP_TO_CODE: Readonly<Record<number, number>> = {
  400: StatusCode.INVALID_ARGUMENT,
  401: StatusCode.UNAUTHENTICATED,
  403: StatusCode.PERMISSION_DENIED,
  404: StatusCode.NOT_FOUND,
  408: StatusCode.DEADLINE_EXCEEDED,
  409: StatusCode.ABORTED,
  412: StatusCode.FAILED_PRECONDITION,
  413: StatusCode.RESOURCE_EXHAUSTED,
  429: StatusCode.RESOURCE_EXHAUSTED,
  501: StatusCode.UNIMPLEMENTED,
  503: StatusCode.UNAVAILABLE,
  504: StatusCode.DEADLINE_EXCEEDED,
};

/**
 * What a caller is told of an error. A `DomainError` travels whole; Nest's `RpcException` and `HttpException` by their
 * code and message; anything else is an opaque INTERNAL, for the log alone.
 */
export function statusOfError(error: unknown): CallStatus {
  if (error instanceof DomainError) return statusOfDomainError(error);
  return statusOfNestException(error) ?? plainStatus(StatusCode.INTERNAL, 'internal error');
}

/** Whether the caller learns nothing of this error, so that the log must. */
export function isOpaque(error: unknown): boolean {
  return !(error instanceof DomainError) && statusOfNestException(error) === undefined;
}

function statusOfDomainError(error: DomainError): CallStatus {
  return {
    code: statusCodeOf(error.kind),
    message: error.message,
    details: detailsOf(error),
    isNotStarted: false,
    retryAfterMs: error.retryAfterMs,
    trailers: NO_METADATA,
  };
}

function detailsOf(error: DomainError): StatusDetail[] {
  const info = googleRpc.ErrorInfo.encode({ reason: error.code, domain: DOMAIN, metadata: { ...error.metadata } });
  const details: StatusDetail[] = [{ typeUrl: ERROR_INFO, value: info.finish() }];
  if (error.violations.length > 0) {
    const fieldViolations = error.violations.map(({ field, description }) => ({ field, description }));
    details.push({ typeUrl: BAD_REQUEST, value: googleRpc.BadRequest.encode({ fieldViolations }).finish() });
  }
  if (error.retryAfterMs !== undefined && error.retryAfterMs >= 0) {
    const retryDelay = { seconds: Math.floor(error.retryAfterMs / 1000), nanos: (error.retryAfterMs % 1000) * 1e6 };
    details.push({ typeUrl: RETRY_INFO, value: googleRpc.RetryInfo.encode({ retryDelay }).finish() });
  }
  return details;
}

/** Nest's exceptions are told by their methods: the classes belong to packages that a caller may have twice. */
function statusOfNestException(error: unknown): CallStatus | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('getStatus' in error && typeof error.getStatus === 'function') {
    const code = HTTP_TO_CODE[Number(error.getStatus())] ?? StatusCode.UNKNOWN;
    return plainStatus(code, messageOfHttpException(error));
  }
  if ('getError' in error && typeof error.getError === 'function') {
    return statusOfRpcException(error.getError(), error.message);
  }
  return undefined;
}

/** A pipe's complaints stand in the response, not in the message. */
function messageOfHttpException(error: Error): string {
  if (!('getResponse' in error) || typeof error.getResponse !== 'function') return error.message;
  const response: unknown = error.getResponse();
  if (typeof response !== 'object' || response === null || !('message' in response)) return error.message;
  return Array.isArray(response.message) ? response.message.join('; ') : String(response.message);
}

function statusOfRpcException(error: unknown, message: string): CallStatus {
  if (typeof error === 'object' && error !== null && 'code' in error && isStatusCode(error.code)) {
    return plainStatus(error.code, 'message' in error ? String(error.message) : message);
  }
  // What Nest throws when a guard says no.
  if (error === 'Forbidden resource') return plainStatus(StatusCode.PERMISSION_DENIED, 'forbidden');
  return plainStatus(StatusCode.UNKNOWN, message);
}

function isStatusCode(code: unknown): code is number {
  return typeof code === 'number' && Number.isInteger(code) && code > 0 && code <= 16;
}

/** The error that a failed call throws at its caller. */
export function errorOfStatus(status: CallStatus): DomainError {
  let reason = statusName(status.code);
  let metadata: Readonly<Record<string, string>> = {};
  let violations: readonly FieldViolation[] = [];
  let retryAfterMs = status.retryAfterMs;
  for (const detail of status.details) {
    if (detail.typeUrl === ERROR_INFO) {
      const info = googleRpc.ErrorInfo.decode(detail.value);
      reason = info.reason;
      metadata = info.metadata;
    } else if (detail.typeUrl === BAD_REQUEST) {
      violations = googleRpc.BadRequest.decode(detail.value).fieldViolations;
    } else if (detail.typeUrl === RETRY_INFO) {
      retryAfterMs ??= retryDelayMs(detail.value);
    }
  }
  return new DomainError(reason, status.message, {
    kind: kindOf(status.code),
    metadata,
    violations,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

function retryDelayMs(value: Uint8Array): number | undefined {
  const delay = googleRpc.RetryInfo.decode(value).retryDelay;
  return delay === undefined ? undefined : delay.seconds * 1000 + Math.ceil(delay.nanos / 1e6);
}

/** Unwraps `google.rpc.Status`, which gRPC carries in `grpc-status-details-bin`. */
export function decodeDetails(bytes: Uint8Array): readonly StatusDetail[] {
  return googleRpc.Status.decode(bytes).details;
}

/** Wraps details as `google.rpc.Status`. */
export function encodeDetails(status: CallStatus): Uint8Array {
  const { code, message, details } = status;
  return googleRpc.Status.encode({ code, message, details: details.map((detail) => ({ ...detail })) }).finish();
}
