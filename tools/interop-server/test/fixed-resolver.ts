import { type Instance, Resolver, type Snapshot, type Watch } from '@rookery/discovery';

/** Knows what it was told, and nothing changes. */
export class FixedResolver extends Resolver {
  constructor(private readonly instances: readonly Instance[]) {
    super();
  }

  watch(service: string, onSnapshot: (snapshot: Snapshot) => void): Watch {
    onSnapshot(this.snapshotOf(service));
    return { close: () => undefined };
  }

  lookup(service: string): Promise<Snapshot> {
    return Promise.resolve(this.snapshotOf(service));
  }

  watchServices(onServices: (services: readonly string[]) => void): Watch {
    onServices([...new Set(this.instances.map((instance) => instance.service))]);
    return { close: () => undefined };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private snapshotOf(service: string): Snapshot {
    const instances = this.instances.filter((instance) => instance.service === service);
    return { service, instances, outOfRotation: [], confirmedAt: Date.now(), source: 'registry' };
  }
}
