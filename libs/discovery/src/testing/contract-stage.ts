import { randomUUID } from 'node:crypto';
import type { DiscoveryEvent, DiscoveryObserver } from '../discovery-observer.port.js';
import type { Instance } from '../instance.js';
import type { Registrar } from '../registrar.js';
import type { Resolver } from '../resolver.js';
import { SnapshotProbe } from './snapshot-probe.js';

/** A registry under test and the drivers for it. Registrars and resolvers are closed by `close`. */
export interface DiscoverySubject {
  createRegistrar(observer?: DiscoveryObserver): Registrar;
  createResolver(options?: { readonly snapshotDirectory: string }): Resolver;
  /** Where an instance of this name answers; 0, the default, where it does not matter. */
  portOf?(name: string): number;
  /** What else the end of an instance's process ends, beside its registrar. */
  endProcess?(name: string): Promise<void>;
  /** Undoes it. */
  startProcess?(name: string): Promise<void>;
  /** Takes an instance out of the registry behind its registrar's back. */
  forget?(instanceId: string): Promise<void>;
  /** Ends the registry without a word to anyone. */
  kill?(): Promise<void>;
  /** Brings it back at the same place with nothing in it. */
  restartEmpty?(): Promise<void>;
  /** A fresh directory, removed by `close`. */
  makeDirectory?(): Promise<string>;
  close(): Promise<void>;
}

/** What a registry can do or suffer; the tests of the rest are left out. */
export interface DiscoveryAbilities {
  readonly hasChecks: boolean;
  readonly canForget: boolean;
  readonly canDie: boolean;
}

/** One test's registry, a service name nobody else uses, and one registrar and resolver to begin with. */
export class Stage {
  private current: { subject: DiscoverySubject; registrar: Registrar; resolver: Resolver } | undefined;
  service = '';

  begin(subject: DiscoverySubject): void {
    this.service = `contract-${randomUUID().slice(0, 8)}`;
    this.current = { subject, registrar: subject.createRegistrar(), resolver: subject.createResolver() };
  }

  async end(): Promise<void> {
    await this.current?.subject.close();
    this.current = undefined;
  }

  get subject(): DiscoverySubject {
    return this.running.subject;
  }

  get registrar(): Registrar {
    return this.running.registrar;
  }

  get resolver(): Resolver {
    return this.running.resolver;
  }

  probe(resolver = this.resolver): SnapshotProbe {
    return new SnapshotProbe(resolver, this.service);
  }

  /** An instance whose id begins with the service's name, so that two tests never share one. */
  instance(name: string, over: Partial<Instance> = {}): Instance {
    const port = this.subject.portOf?.(name) || 20_000 + Number.parseInt(name, 36);
    return {
      id: this.id(name),
      service: this.service,
      incarnation: randomUUID(),
      version: '1.2.3',
      zone: 'north',
      weight: 100,
      startedAt: 1_790_000_000_000,
      endpoints: { grpc: { host: '127.0.0.1', port, isSecure: false } },
      capabilities: ['link'],
      contractDigest: '0123456789abcdef',
      ...over,
    };
  }

  /** Ends an instance without a word to anyone. */
  async killInstance(name: string, registrar: Registrar): Promise<void> {
    await registrar.close();
    await this.subject.endProcess?.(name);
  }

  id(name: string): string {
    return `${this.service}-${name}`;
  }

  private get running(): NonNullable<Stage['current']> {
    if (this.current === undefined) throw new Error('no test is running');
    return this.current;
  }
}

/** Resolves with the first event of a type. */
export class EventProbe {
  private readonly waiting: { readonly type: string; readonly resolve: (event: DiscoveryEvent) => void }[] = [];
  readonly events: DiscoveryEvent[] = [];

  observe(event: DiscoveryEvent): void {
    this.events.push(event);
    for (const { type, resolve } of this.waiting) if (type === event.type) resolve(event);
  }

  /** The next event of this type. */
  next(type: DiscoveryEvent['type']): Promise<DiscoveryEvent> {
    return new Promise((resolve) => this.waiting.push({ type, resolve }));
  }
}
