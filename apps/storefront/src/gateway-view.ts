import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type Instance, Resolver, type Watch } from '@rookery/discovery';
import { statusCodeOf } from '@rookery/rpc';
import type { ErrorKind } from '@rookery/runtime';
import { CallTelemetry } from '@rookery/telemetry';
import { StorefrontConfig } from './app.config.js';

const SERVICE = 'gateway';

/** One call to the gateway, to be ended once. */
export interface ViewedCall {
  ended(outcome: 'ok' | ErrorKind, at: number): void;
}

/**
 * Reports calls to the gateway like calls over rpc, so that the monitor shows this way too. HTTP does not say which
 * instance answered; the registry does, as long as one gateway stands behind the URL.
 */
@Injectable()
export class GatewayView implements OnApplicationShutdown {
  private instances: readonly Instance[] = [];
  private readonly watch: Watch;

  constructor(
    resolver: Resolver,
    private readonly calls: CallTelemetry,
    private readonly config: StorefrontConfig,
  ) {
    this.watch = resolver.watch(SERVICE, (snapshot) => (this.instances = snapshot.instances));
  }

  /** `at` is monotonic time. */
  started(route: string, at: number): ViewedCall {
    const method = `HTTP ${route}`;
    const target = this.target();
    if (target !== undefined) this.calls.callerStarted(method, target);
    return {
      ended: (outcome, endedAt) => {
        if (target === undefined) return;
        const code = outcome === 'ok' ? 0 : statusCodeOf(outcome);
        this.calls.callerEnded({ method, code, durationMs: endedAt - at, target, transport: 'http', isStream: false });
      },
    };
  }

  onApplicationShutdown(): void {
    this.watch.close();
  }

  private target() {
    const port = Number(new URL(this.config.GATEWAY_URL).port);
    const atUrl = this.instances.filter(({ endpoints }) => endpoints['edge']?.port === port);
    const [first, ...others] = atUrl.length > 0 ? atUrl : this.instances;
    if (first === undefined || others.length > 0) return undefined;
    return { service: SERVICE, instanceId: first.id, incarnation: first.incarnation };
  }
}
