import { CallObserver, type CallRecord } from '../src/call-observer.port.js';
import type { ConnectionState } from '../src/client/connection-state.js';

/** Remembers all that rpc tells. */
export class RecordingObserver extends CallObserver {
  readonly caller: CallRecord[] = [];
  readonly callee: CallRecord[] = [];
  readonly connections: string[] = [];
  /** Why they changed. */
  readonly reasons: string[] = [];
  started = 0;

  callerStarted(): void {
    this.started++;
  }

  callerEnded(record: CallRecord): void {
    this.caller.push(record);
  }

  connectionChanged(target: NonNullable<CallRecord['target']>, state: ConnectionState | 'gone', reason: string): void {
    this.reasons.push(reason);
    this.connections.push(`${target.instanceId} ${state}`);
  }

  calleeStarted(): void {
    this.started++;
  }

  calleeEnded(record: CallRecord): void {
    this.callee.push(record);
  }
}
