import type { ConnectionState } from './client/connection-state.js';

/** One finished attempt of a call, seen from one side. */
export interface CallRecord {
  /** Full method path, `/package.Service/Method`. */
  readonly method: string;
  /** gRPC status code; 0 is OK. */
  readonly code: number;
  readonly durationMs: number;
  /** Caller side: the instance that was asked; without id where none could be found. Callee side: absent. */
  readonly target?: { readonly service: string; readonly instanceId: string; readonly incarnation: string };
  /** How it travelled. */
  readonly transport: 'link' | 'grpc';
  /** Unary and streaming are kept apart in metrics: a stream's duration is no latency. */
  readonly isStream: boolean;
}

/** Is told of each call as it starts and ends. Called on the hot path: must not block or keep the record;
 * what it throws becomes a process warning. */
export abstract class CallObserver {
  abstract callerStarted(method: string, target: NonNullable<CallRecord['target']>): void;
  abstract callerEnded(record: CallRecord): void;
  /** What the connection to an instance has become, and why; `gone` when it is no longer kept. */
  abstract connectionChanged(
    target: NonNullable<CallRecord['target']>,
    state: ConnectionState | 'gone',
    reason: string,
  ): void;
  abstract calleeStarted(method: string): void;
  abstract calleeEnded(record: CallRecord): void;
}
