import type { Instance } from '@rookery/discovery';
import { LINK_CAPABILITY } from '@rookery/rpc';
import type { LifecyclePorts } from './lifecycle.js';
import type { ServiceParts } from './service-parts.js';

const LAST_REPORT_MS = 800;

/** The steps of a service's life, done by the parts of the platform. */
export class ServicePorts implements LifecyclePorts {
  private instance: Instance | undefined;
  /** From the end of its first registration on, until it is taken back. */
  private isRegistered = false;
  private closeApp: () => Promise<void> = () => Promise.resolve();

  constructor(
    private readonly parts: ServiceParts,
    private readonly reportsToItself: boolean,
  ) {}

  /** Says how what the app opens is closed again. */
  opens(closeApp: () => Promise<void>): void {
    this.closeApp = closeApp;
  }

  /** Says what the registry shall be told, once it is known. */
  listensAs(instance: Instance): void {
    this.instance = instance;
  }

  setServing(isServing: boolean): void {
    this.parts.rpcServer.setServing(isServing);
  }

  async register(signal: AbortSignal): Promise<void> {
    if (this.instance === undefined) throw new Error('a service is registered only when it listens');
    const servedSince = await this.servedSince(this.instance);
    this.instance = { ...this.instance, servedSince };
    // A registration ends the one before, so what is offered meanwhile waits for this one: its end in vain would end the start.
    for (let told: Instance | undefined; told !== this.instance;) {
      told = this.instance;
      await this.parts.registrar.register(told, signal);
    }
    this.isRegistered = true;
  }

  /** Beside the link. The registry is told when it knows the instance already, or as soon as it does. */
  offers(capabilities: readonly string[]): void {
    if (this.instance === undefined) return;
    this.instance = { ...this.instance, capabilities: [LINK_CAPABILITY, ...capabilities] };
    if (!this.isRegistered) return;
    // A registry that is down is asked again by the registrar; what this ends with is a later registration, or the stop.
    this.parts.registrar.register(this.instance).catch((error: unknown) => this.warn('register anew', error));
  }

  /** Taken over from those that serve already: a service grows no younger by a rolling restart. */
  private async servedSince({ service, startedAt }: Instance): Promise<number> {
    try {
      const { instances } = await this.parts.resolver.lookup(service);
      return Math.min(startedAt, ...instances.map((other) => other.servedSince ?? (other.startedAt || startedAt)));
    } catch {
      // A registry that is down knows nobody; registering waits for it.
      return startedAt;
    }
  }

  async deregister(): Promise<void> {
    // Who takes the reports can report to itself only as long as it can be found.
    if (this.reportsToItself) await this.flush();
    this.isRegistered = false;
    if (this.instance !== undefined) await this.parts.registrar.deregister(this.instance.id);
  }

  sayGoodbye(): void {
    this.parts.rpcServer.goodbye('the instance stops');
  }

  async close(): Promise<void> {
    await this.closeApp();
    await this.parts.rpcClient.close();
    this.parts.tls?.close();
    await Promise.all([this.parts.registrar.close(), this.parts.resolver.close()]);
  }

  flush(): Promise<void> {
    return this.parts.telemetry.stop(LAST_REPORT_MS);
  }

  warn(step: string, error: unknown): void {
    this.parts.telemetry.logger.warn({ step, err: error }, 'a step of the service failed; it goes on');
  }
}
