import { Controller, Get, Header, HttpStatus, Res } from '@nestjs/common';
import { Metrics } from '@rookery/telemetry';
import { ServiceLifecycle } from './lifecycle.js';
import { ServiceIdentity } from './service-identity.js';

interface Reply {
  status(code: number): unknown;
}

/** What an orchestrator, a person and Prometheus ask each service. */
@Controller()
export class HealthHttpController {
  constructor(
    private readonly lifecycle: ServiceLifecycle,
    private readonly identity: ServiceIdentity,
    private readonly metrics: Metrics,
  ) {}

  /** The process works; it says nothing of whether it should be called. */
  @Get('livez')
  live(): object {
    const { service, instanceId, incarnation, version } = this.identity;
    return {
      status: 'live',
      service,
      id: instanceId,
      incarnation,
      version,
      pid: process.pid,
      phase: this.lifecycle.phase,
    };
  }

  /** 200 when the service may be called, else 503 and the reasons. */
  @Get('readyz')
  ready(@Res({ passthrough: true }) reply: Reply): object {
    const reasons = this.lifecycle.reasons();
    if (reasons.length === 0) return { status: 'ready' };
    reply.status(HttpStatus.SERVICE_UNAVAILABLE);
    return { status: 'not ready', reasons };
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  scrape(): Promise<string> {
    return this.metrics.render();
  }
}
