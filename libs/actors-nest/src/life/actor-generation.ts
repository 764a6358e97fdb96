import { ActorSystem, type AnyPid, Cluster, type ClusterOptions, type Peers, type Pid } from '@rookery/actors';
import { DomainError } from '@rookery/runtime';
import type { DeclaredClasses, DeclaredType } from '../declaration/declared-classes.js';
import type { ActorSurroundings } from './actor-surroundings.js';

type ClusterParts = Pick<
  ClusterOptions,
  'observer' | 'onStandstill' | 'leaseMs' | 'handOverMs' | 'drainMs' | 'parking'
>;

/** One actor system of this process, with the actors and grains that its modules declare. */
export class ActorGeneration {
  readonly system: ActorSystem;
  private readonly pids = new Map<DeclaredType, AnyPid>();
  private membership: Cluster | undefined;

  constructor(
    private readonly surroundings: ActorSurroundings,
    private readonly declared: DeclaredClasses,
    address: string,
  ) {
    this.system = new ActorSystem({ ...surroundings.system, address });
  }

  /** Spawns the actors, and becomes a member of the cluster. `peers` speak for this system by now. */
  begin(peers: Peers, parts: ClusterParts): void {
    const { feed, messages, self } = this.surroundings;
    const cluster = new Cluster({ ...parts, system: this.system, peers, messages, feed, self });
    for (const { definition, options, produce } of this.declared.grains) cluster.register(definition, produce, options);
    for (const { name, recipe, type } of this.declared.actors) {
      this.pids.set(type, this.system.spawnNamed(recipe, name));
    }
    cluster.start();
    this.membership = cluster;
  }

  get cluster(): Cluster {
    if (this.membership === undefined) throw notStarted();
    return this.membership;
  }

  pidOf(type: DeclaredType): Pid<never> {
    const pid = this.pids.get(type);
    if (pid !== undefined) return pid;
    throw new DomainError('ACTOR_UNKNOWN', `${type.name} is no root actor of this service`, { kind: 'not-found' });
  }
}

/** Said to whoever comes before the service has started, or while a new actor system takes over. */
export function notStarted(): DomainError {
  const message =
    'the actors of this service are not there yet: they start when the application has, before it is ready';
  return new DomainError('ACTORS_NOT_STARTED', message, { kind: 'unavailable' });
}
