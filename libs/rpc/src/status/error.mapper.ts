import { googleRpc } from '@rookery/contracts/messages';
import { DomainError, type FieldViolation } from '@rookery/runtime';

import { NO_METADATA } from './call-metadata.js';
import { type CallStatus, plainStatus, type StatusDetail, statusName } from './call-status.js';
import { StatusCode, kindOf, statusCodeOf } from './status-code.js';

const ERROR_INFO = 'type.googleapis.com/google.rpc.ErrorInfo';
const BAD_REQUEST = 'type.googleapis.com/google.rpc.BadRequest';
const RETRY_INFO = 'type.googleapis.com/google.rpc.RetryInfo';
const DOMAIN = 'rookery';

/** A status travels in trailers, for which peers have limits. */
const LONGEST_MESSAGE = 4096;
const MOST_VIOLATIONS = 50;

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
  422: StatusCode.INVALID_ARGUMENT,
  429: StatusCode.RESOURCE_EXHAUSTED,
  500: StatusCode.INTERNAL,
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
    message: error.message.slice(0, LONGEST_MESSAGE),
    details: detailsOf(error),
    isNotStarted: false,
    retryAfterMs: wholeMs(error.retryAfterMs),
    trailers: NO_METADATA,
  };
}

function detailsOf(error: DomainError): StatusDetail[] {
  const info = googleRpc.ErrorInfo.encode({ reason: error.code, domain: DOMAIN, metadata: { ...error.metadata } });
  const details: StatusDetail[] = [{ typeUrl: ERROR_INFO, value: info.finish() }];
  if (error.violations.length > 0) {
    const told = error.violations.slice(0, MOST_VIOLATIONS);
    const fieldViolations = told.map(({ field, description }) => ({ field, description }));
    details.push({ typeUrl: BAD_REQUEST, value: googleRpc.BadRequest.encode({ fieldViolations }).finish() });
  }
  const pause = wholeMs(error.retryAfterMs);
  if (pause !== undefined && pause >= 0) {
    const retryDelay = { seconds: Math.floor(pause / 1000), nanos: (pause % 1000) * 1e6 };
    details.push({ typeUrl: RETRY_INFO, value: googleRpc.RetryInfo.encode({ retryDelay }).finish() });
  }
  return details;
}

/** Whole milliseconds that every way of sending them can hold; what is no number says nothing. */
function wholeMs(pause: number | undefined): number | undefined {
  if (pause === undefined || Number.isNaN(pause)) return undefined;
  return Math.max(-1, Math.min(Math.ceil(pause), 0x7fff_ffff));
}

/** Nest's exceptions are told by their methods: the classes belong to packages that a caller may have twice. */
function statusOfNestException(error: unknown): CallStatus | undefined {
  if (!(error instanceof Error)) return undefined;
  const httpStatus = answerOf(error, 'getStatus');
  if (httpStatus !== undefined) {
    return plainStatus(HTTP_TO_CODE[Number(httpStatus)] ?? StatusCode.UNKNOWN, messageOfHttpException(error));
  }
  const rpcError = answerOf(error, 'getError');
  return rpcError === undefined ? undefined : statusOfRpcException(rpcError, error.message);
}

/** A pipe's complaints stand in the response, not in the message. */
function messageOfHttpException(error: Error): string {
  const response = answerOf(error, 'getResponse');
  if (typeof response !== 'object' || response === null || !('message' in response)) return error.message;
  return Array.isArray(response.message) ? response.message.join('; ') : String(response.message);
}

function answerOf(error: Error, method: 'getStatus' | 'getError' | 'getResponse'): unknown {
  const ask = (error as Partial<Record<typeof method, unknown>>)[method];
  return typeof ask === 'function' ? (ask.call(error) as unknown) : undefined;
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

/** The error that a failed call throws at its caller. Details that cannot be read count as not sent. */
export function errorOfStatus(status: CallStatus): DomainError {
  const told: Told = {
    reason: statusName(status.code),
    metadata: {},
    violations: [],
    retryAfterMs: status.retryAfterMs,
  };
  for (const detail of status.details) {
    try {
      readDetail(detail, told);
    } catch {
      continue;
    }
  }
  const { reason, metadata, violations, retryAfterMs } = told;
  const pause = retryAfterMs === undefined ? {} : { retryAfterMs };
  const behind = status.cause === undefined ? {} : { cause: status.cause };
  return new DomainError(reason, status.message, {
    kind: kindOf(status.code),
    metadata,
    violations,
    ...pause,
    ...behind,
  });
}

/** What a provider says of its failure to programs: the code of its DomainError, and the facts beside it. */
export function errorInfoOf(status: CallStatus): Pick<googleRpc.ErrorInfo, 'reason' | 'metadata'> | undefined {
  const detail = status.details.find(({ typeUrl }) => typeUrl === ERROR_INFO);
  try {
    return detail === undefined ? undefined : googleRpc.ErrorInfo.decode(detail.value);
  } catch {
    return undefined; // as if it had not been sent
  }
}

interface Told {
  reason: string;
  metadata: Readonly<Record<string, string>>;
  violations: readonly FieldViolation[];
  retryAfterMs: number | undefined;
}

function readDetail({ typeUrl, value }: StatusDetail, told: Told): void {
  if (typeUrl === ERROR_INFO) {
    const { reason, metadata } = googleRpc.ErrorInfo.decode(value);
    told.reason = reason;
    told.metadata = metadata;
  } else if (typeUrl === BAD_REQUEST) {
    told.violations = googleRpc.BadRequest.decode(value).fieldViolations;
  } else if (typeUrl === RETRY_INFO) {
    told.retryAfterMs ??= retryDelayMs(value);
  }
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
