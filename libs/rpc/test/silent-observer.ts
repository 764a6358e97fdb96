import { CallObserver } from '../src/call-observer.port.js';

/** Sees nothing. */
export class SilentObserver extends CallObserver {
  callerStarted(): void {
    return undefined;
  }
  callerEnded(): void {
    return undefined;
  }
  connectionChanged(): void {
    return undefined;
  }
  calleeStarted(): void {
    return undefined;
  }
  calleeEnded(): void {
    return undefined;
  }
}
