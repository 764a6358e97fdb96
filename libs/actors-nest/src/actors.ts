import { Injectable } from '@nestjs/common';
import type { ActorSystem, Cluster, Pid, Remote } from '@rookery/actors';
import type { ActorType, MessagesOf } from './declaration/root-actor.js';
import { LiveActors } from './life/live-actors.js';

/**
 * The actors of this process, for whoever is no actor. Look up what you need when you need it: an actor system can be replaced
 * while the service runs, and Pids of the former one lead nowhere.
 */
@Injectable()
export class Actors {
  constructor(private readonly live: LiveActors) {}

  /** Tells, asks, spawns and stops. Throws ACTORS_NOT_STARTED before the application has started. */
  get system(): ActorSystem {
    return this.live.generation.system;
  }

  /** Who is a member, and topics. Throws ACTORS_NOT_STARTED; for grains there is `Grains`. */
  get cluster(): Pick<Cluster, 'isOwner' | 'topic' | 'topology'> {
    return this.live.generation.cluster;
  }

  /** Finds and starts actors of other processes, by address. Throws ACTORS_NOT_STARTED. */
  get remote(): Pick<Remote, 'find' | 'spawn'> {
    return this.live.ways;
  }

  /** The root actor of that class. Throws ACTORS_NOT_STARTED, and ACTOR_UNKNOWN for a class that no module declares. */
  pidOf<Type extends ActorType>(type: Type): Pid<MessagesOf<Type>> {
    return this.live.generation.pidOf(type) as Pid<MessagesOf<Type>>;
  }
}
