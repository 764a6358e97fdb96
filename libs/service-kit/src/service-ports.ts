import type { Instance } from '@rookery/discovery';
import type { LifecyclePorts } from './lifecycle.js';
import type { ServiceParts } from './service-parts.js';

/** What exists only once the service listens. */
export interface Listening {
  readonly instance: Instance;
  /** Closes what Nest has opened. */
  close(): Promise<void>;
}

const LAST_REPORT_MS = 800;

/** The steps of a service's life, done by the parts of the platform. */
export class ServicePorts implements LifecyclePorts {
  private listening: Listening | undefined;

  constructor(
    private readonly parts: ServiceParts,
    private readonly reportsToItself: boolean,
  ) {}

  listensAs(listening: Listening): void {
    this.listening = listening;
  }

  setServing(isServing: boolean): void {
    this.parts.rpcServer.setServing(isServing);
  }

  async register(signal: AbortSignal): Promise<void> {
    if (this.listening === undefined) throw new Error('a service is registered only when it listens');
    await this.parts.registrar.register(this.listening.instance, signal);
  }

  async deregister(): Promise<void> {
    // Who takes the reports can report to itself only as long as it can be found.
    if (this.reportsToItself) await this.flush();
    if (this.listening !== undefined) await this.parts.registrar.deregister(this.listening.instance.id);
  }

  sayGoodbye(): void {
    this.parts.rpcServer.goodbye('the instance stops');
  }

  async close(): Promise<void> {
    await this.listening?.close();
    await this.parts.rpcClient.close();
    await Promise.all([this.parts.registrar.close(), this.parts.resolver.close()]);
  }

  flush(): Promise<void> {
    return this.parts.telemetry.stop(LAST_REPORT_MS);
  }

  warn(step: string, error: unknown): void {
    this.parts.telemetry.logger.warn({ step, err: error }, 'a step of the stop failed; the stop goes on');
  }
}
