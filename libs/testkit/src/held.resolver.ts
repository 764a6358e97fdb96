import { type Instance, Resolver, type Snapshot, type Watch } from '@rookery/discovery';

type Told = Partial<Pick<Snapshot, 'outOfRotation' | 'source' | 'confirmedAt'>>;

/** A registry of this process's own: knows what the test told it last, and tells watchers at once. */
export class HeldResolver extends Resolver {
  private readonly watchers = new Set<{ service: string; onSnapshot: (snapshot: Snapshot) => void }>();
  private told: Told = {};

  /** Without instances nothing is known yet, and watchers are not called. */
  constructor(private instances?: readonly Instance[]) {
    super();
  }

  /** What the registry lists from now on, for all services. */
  list(instances: readonly Instance[], told: Told = {}): void {
    this.instances = instances;
    this.told = told;
    for (const { service, onSnapshot } of [...this.watchers]) onSnapshot(this.snapshotOf(service));
  }

  watch(service: string, onSnapshot: (snapshot: Snapshot) => void): Watch {
    const watcher = { service, onSnapshot };
    this.watchers.add(watcher);
    if (this.instances !== undefined) onSnapshot(this.snapshotOf(service));
    return { close: () => this.watchers.delete(watcher) };
  }

  lookup(service: string): Promise<Snapshot> {
    return Promise.resolve(this.snapshotOf(service));
  }

  watchServices(onServices: (services: readonly string[]) => void): Watch {
    onServices([...new Set((this.instances ?? []).map((instance) => instance.service))]);
    return { close: () => undefined };
  }

  close(): Promise<void> {
    this.watchers.clear();
    return Promise.resolve();
  }

  private snapshotOf(service: string): Snapshot {
    const instances = (this.instances ?? []).filter((instance) => instance.service === service);
    return { service, instances, outOfRotation: [], confirmedAt: Date.now(), source: 'registry', ...this.told };
  }
}
