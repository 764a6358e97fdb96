import type { Pick } from '../balancing/balancer.js';
import { StatusCode } from '../status/status-code.js';
import type { ProviderConnection } from './provider-connection.js';
import type { UnaryCallHost } from './unary-call-host.port.js';

/** One attempt of a unary call at one instance, and its report to balancer and observer. */
export class UnaryAttempt {
  transport: 'link' | 'grpc';
  private isOver = false;

  constructor(
    private readonly host: UnaryCallHost,
    private readonly method: string,
    readonly pick: Pick,
    readonly connection: ProviderConnection,
    /** Monotonic. */
    readonly startedAt: number,
  ) {
    this.transport = connection.transport;
    pick.started();
    host.observer.callerStarted(method, connection.target);
  }

  /** Only the first end counts. An innocent instance is not judged by how the attempt ended. */
  end(code: number, isInnocent = false, now = this.host.clock.monotonic()): void {
    if (this.isOver) return;
    this.isOver = true;
    const { method, transport } = this;
    const { target } = this.connection;
    const durationMs = now - this.startedAt;
    this.pick.ended(isInnocent ? StatusCode.CANCELLED : code, durationMs, now);
    this.host.observer.callerEnded({ method, code, durationMs, target, transport, isStream: false });
  }
}
