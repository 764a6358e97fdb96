import type { UnaryCallHost } from './unary-call-host.port.js';

/** Tells the observer of a call that no instance could be found for: its target has a service and no instance. */
export function tellUnplaced(host: UnaryCallHost, method: string, code: number, isStream: boolean): void {
  const target = { service: host.service, instanceId: '', incarnation: '' };
  host.observer.callerEnded({ method, code, durationMs: 0, target, transport: 'link', isStream });
}
