import type { ConsulAnswer, ConsulRegistration, ConsulServiceEntry } from '../consul/consul.client.js';
import type { HeldService } from '../consul/held-service.js';

interface HeldCheck {
  isPassing: boolean;
}

/** An agent in memory that a test can break. It keeps checks, and their state, over a registration, as Consul does. */
export class ScriptedAgent {
  readonly log: string[] = [];
  readonly checks = new Map<string, HeldCheck>();
  isDown = false;
  registered: ConsulRegistration | undefined;
  maintenance: string | undefined;
  private latency: Promise<void> = Promise.resolve();

  async register(registration: ConsulRegistration): Promise<void> {
    const { CheckID, TTL, Status = 'critical' } = registration.Check;
    await this.answer(`register ${CheckID} ${TTL === undefined ? Status : TTL}`);
    this.registered = registration;
    if (!this.checks.has(CheckID)) this.checks.set(CheckID, { isPassing: Status === 'passing' });
  }

  async pass(checkId: string): Promise<void> {
    await this.answer(`pass ${checkId}`);
    const check = this.checks.get(checkId);
    if (check === undefined) throw new Error('no such check');
    check.isPassing = true;
  }

  async removeCheck(checkId: string): Promise<void> {
    await this.answer('remove the other check');
    this.checks.delete(checkId);
  }

  async setMaintenance(_: string, isEnabled: boolean, reason: string): Promise<'done' | 'forgotten'> {
    await this.answer(`maintenance ${isEnabled} ${reason}`.trim());
    if (this.registered === undefined) return 'forgotten';
    this.maintenance = isEnabled ? reason : undefined;
    return 'done';
  }

  async held(): Promise<HeldService | undefined> {
    await this.answer('look');
    if (this.registered === undefined) return undefined;
    const checks = new Map([...this.checks].map(([id, { isPassing }]) => [id, isPassing] as const));
    return { incarnation: this.registered.Meta['incarnation'] ?? '', checks, maintenance: this.maintenance };
  }

  async serviceEntries(): Promise<ConsulAnswer<readonly ConsulServiceEntry[]>> {
    if (this.registered === undefined) return { index: 1, content: [] };
    const { ID, Name, Meta } = this.registered;
    const Service = { ID, Service: Name, Meta: { ...Meta } };
    return { index: 2, content: [{ Node: { Node: 'n', Address: '' }, Service, Checks: this.listedChecks() }] };
  }

  forget(): void {
    this.registered = undefined;
    this.maintenance = undefined;
    this.checks.clear();
  }

  /** Holds every answer from now on until the returned function is called. */
  hold(): () => void {
    let release = (): void => undefined;
    this.latency = new Promise((resolve) => (release = resolve));
    return release;
  }

  private listedChecks(): ConsulServiceEntry['Checks'] {
    const own = [...this.checks].map(([CheckID, check]) => ({
      CheckID,
      Status: check.isPassing ? 'passing' : 'critical',
    }));
    return this.maintenance === undefined ? own : [...own, { CheckID: '_service_maintenance:a', Status: 'critical' }];
  }

  private async answer(request: string): Promise<void> {
    this.log.push(request);
    await this.latency;
    if (this.isDown) throw new Error('refused');
  }
}
