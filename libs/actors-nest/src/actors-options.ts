import type { ClusterOptions, RemoteOptions, WireCodec } from '@rookery/actors';

type ClusterLimits = Pick<ClusterOptions, 'leaseMs' | 'handOverMs' | 'drainMs' | 'parking'>;
type RemoteLimits = Pick<RemoteOptions, 'patienceMs' | 'queueLimit'>;

export interface ActorsOptions {
  /** The messages that actors of several processes send each other, by their `type`, each with the codec of its contract. */
  readonly messages?: Readonly<Record<string, WireCodec>>;
  /** What other processes may spawn here, by the name that they ask for. */
  readonly spawnable?: NonNullable<RemoteOptions['kinds']>;
  /** Services that form one cluster with this one: they may offer grains that are called here, and call those that are here. */
  readonly services?: readonly string[];
  /** Of the ways to other processes, and of the cluster; the defaults are those of the actors library. */
  readonly limits?: RemoteLimits & ClusterLimits;
}

/** The options of this service. Injectable. */
export class ActorsPlan {
  constructor(readonly options: ActorsOptions) {}
}
