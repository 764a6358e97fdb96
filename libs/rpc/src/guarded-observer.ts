import { CallObserver, type CallRecord } from './call-observer.port.js';
import type { ConnectionState } from './client/connection-state.js';
import { warn } from './tell-safely.js';

type Target = NonNullable<CallRecord['target']>;

/** Stands before an observer, if there is one, so that one that throws loses what it was told and nothing else. */
export class GuardedObserver extends CallObserver {
  constructor(private readonly observer: CallObserver | undefined) {
    super();
  }

  callerStarted(method: string, target: Target): void {
    try {
      this.observer?.callerStarted(method, target);
    } catch (error) {
      warn(error);
    }
  }

  callerEnded(record: CallRecord): void {
    try {
      this.observer?.callerEnded(record);
    } catch (error) {
      warn(error);
    }
  }

  connectionChanged(target: Target, state: ConnectionState | 'gone', reason: string): void {
    try {
      this.observer?.connectionChanged(target, state, reason);
    } catch (error) {
      warn(error);
    }
  }

  calleeStarted(method: string): void {
    try {
      this.observer?.calleeStarted(method);
    } catch (error) {
      warn(error);
    }
  }

  calleeEnded(record: CallRecord): void {
    try {
      this.observer?.calleeEnded(record);
    } catch (error) {
      warn(error);
    }
  }
}
