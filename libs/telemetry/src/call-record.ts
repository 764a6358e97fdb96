/** The instance that a call was sent to. Id and incarnation are empty where none of the service could be found. */
export interface CallTarget {
  readonly service: string;
  readonly instanceId: string;
  readonly incarnation: string;
}

/** One finished attempt of a call, seen from one side. What the observer port of the rpc library gives fits in here. */
export interface CallRecord {
  /** Full method path, `/package.Service/Method`. */
  readonly method: string;
  /** gRPC status code; 0 is OK. */
  readonly code: number;
  readonly durationMs: number;
  /** Caller side only. */
  readonly target?: CallTarget;
  /** How it travelled; `http` for a call that an app makes itself and wants to be seen with the others. */
  readonly transport: 'link' | 'grpc' | 'http';
  /** A stream's duration is no latency: it is counted by code, and stays out of every latency. */
  readonly isStream: boolean;
}

/** gRPC's status codes by number: the values of the label `code`. */
export const CODE_NAMES: readonly string[] = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];

const UNKNOWN = 2;

/** The code itself, or UNKNOWN for a number that is no gRPC status code, as gRPC itself has it. */
export function knownCode(code: number): number {
  return CODE_NAMES[code] === undefined ? UNKNOWN : code;
}
