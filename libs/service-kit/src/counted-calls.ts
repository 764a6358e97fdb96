import { CallObserver, type CallRecord, type ConnectionState } from '@rookery/rpc';
import type { CallTelemetry, Logger } from '@rookery/telemetry';

/** Hands what rpc sees to telemetry, and counts the calls that came in: a stop watches whether there are still new ones. */
export class CountedCalls extends CallObserver {
  /** Calls that came in since the process began. */
  accepted = 0;

  constructor(
    private readonly telemetry: CallTelemetry,
    private readonly logger?: Logger,
  ) {
    super();
  }

  callerStarted(method: string, target: NonNullable<CallRecord['target']>): void {
    this.telemetry.callerStarted(method, target);
  }

  callerEnded(record: CallRecord): void {
    this.telemetry.callerEnded(record);
  }

  connectionChanged(target: NonNullable<CallRecord['target']>, state: ConnectionState | 'gone', reason: string): void {
    this.telemetry.connectionChanged(target, state);
    // Calls that fail for it are told less: what is said here may name certificates and addresses.
    const fields = { event: 'connection', instance_called: target.instanceId, state, reason };
    if (state === 'down') this.logger?.warn(fields, 'a connection is down');
    else this.logger?.debug(fields, 'a connection changed');
  }

  calleeStarted(method: string): void {
    this.accepted++;
    this.telemetry.calleeStarted(method);
  }

  calleeEnded(record: CallRecord): void {
    this.telemetry.calleeEnded(record);
  }
}
