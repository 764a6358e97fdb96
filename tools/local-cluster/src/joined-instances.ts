import type { Instance, Resolver, Snapshot, Watch } from '@rookery/discovery';
import { probe } from '@rookery/service-kit/probe';
import type { ClusterInstance } from './cluster-file.js';

/** Asks an instance over HTTP which process it is; undefined when it does not say. */
export type AskPid = (http: string) => Promise<number | undefined>;

/**
 * Instances on this machine that somebody else started: they are in the registry, and say themselves which process they
 * are. One that does not say is left out, because a wrong pid is worse than none.
 */
export class JoinedInstances {
  private readonly watches = new Map<string, Watch>();
  private readonly byService = new Map<string, readonly Instance[]>();
  private readonly pids = new Map<string, number>();
  private readonly names: Watch;

  constructor(
    resolver: Resolver,
    private readonly isOurs: (id: string) => boolean,
    private readonly askPid: AskPid,
    private readonly onChange: () => void,
  ) {
    this.names = resolver.watchServices((services) => {
      for (const service of services) {
        if (this.watches.has(service)) continue;
        this.watches.set(
          service,
          resolver.watch(service, (snapshot) => void this.update(snapshot)),
        );
      }
    });
  }

  current(): readonly ClusterInstance[] {
    return [...this.byService.values()].flat().flatMap((instance) => {
      const pid = this.pids.get(keyOf(instance));
      return pid === undefined ? [] : [describe(instance, pid)];
    });
  }

  close(): void {
    this.names.close();
    for (const watch of this.watches.values()) watch.close();
  }

  private async update({ service, instances }: Snapshot): Promise<void> {
    const joined = instances.filter((instance) => !this.isOurs(instance.id) && isHere(instance));
    this.byService.set(service, joined);
    this.forgetOthers();
    await Promise.all(joined.map((instance) => this.learnPid(instance)));
    this.onChange();
  }

  private async learnPid(instance: Instance): Promise<void> {
    const http = instance.endpoints['http'];
    const key = keyOf(instance);
    if (http === undefined || this.pids.has(key)) return;
    const pid = await this.askPid(`${http.isSecure ? 'https' : 'http'}://${http.host}:${http.port}`);
    if (pid !== undefined) this.pids.set(key, pid);
  }

  private forgetOthers(): void {
    const known = new Set([...this.byService.values()].flat().map(keyOf));
    for (const key of this.pids.keys()) if (!known.has(key)) this.pids.delete(key);
  }
}

function keyOf({ id, incarnation }: Instance): string {
  return `${id}/${incarnation}`;
}

function isHere({ endpoints }: Instance): boolean {
  const host = (endpoints['grpc'] ?? endpoints['http'])?.host ?? '';
  return host.startsWith('127.') || host === 'localhost' || host === '::1';
}

function describe({ service, id, endpoints }: Instance, pid: number): ClusterInstance {
  return { service, id, pid, grpc: endpoints['grpc']?.port, http: endpoints['http']?.port };
}

const ASK_LIMIT_MS = 1000;

/** Reads the pid from /livez of a service of ours. */
export async function askLivez(http: string): Promise<number | undefined> {
  try {
    const { pid } = JSON.parse((await probe(`${http}/livez`, ASK_LIMIT_MS)).body) as { pid?: unknown };
    return typeof pid === 'number' ? pid : undefined;
  } catch {
    return undefined; // Gone already, or no service of ours: either way it cannot be described.
  }
}
