import { Injectable } from '@nestjs/common';
import { type ActorSystemOptions, type MemberFeed, type PeerNetwork, WireMessages } from '@rookery/actors';
import { Resolver } from '@rookery/discovery';
import { RpcClient, RpcServer } from '@rookery/rpc';
import { Clock, Random, Scheduler } from '@rookery/runtime';
import { ServiceConfig, ServiceIdentity } from '@rookery/service-kit';
import { ActorsPlan } from '../actors-options.js';
import { LinkPeerNetwork } from '../link/link-peer-network.js';
import { addressOfProcess } from '../link/process-address.js';
import { RegistryMemberFeed } from '../members/registry-member-feed.js';
import { DetachedScheduler } from '../trace/detached-scheduler.js';
import { TraceCarrier } from '../trace/trace-carrier.js';
import { ActorTally } from '../watch/actor-tally.js';
import { NestActorLog } from '../watch/nest-actor-log.js';

/** What the actor systems of this process, one after the other, have around them. */
@Injectable()
export class ActorSurroundings {
  /** How the process is called in Pids, and its first actor system. */
  readonly address: string;
  readonly self: { readonly id: string; readonly incarnation: string };
  readonly network: PeerNetwork;
  readonly messages: WireMessages;
  readonly feed: MemberFeed;
  readonly scheduler: Scheduler;
  readonly tally = new ActorTally();
  readonly system: Omit<ActorSystemOptions, 'address'>;

  constructor(
    plan: ActorsPlan,
    identity: ServiceIdentity,
    config: ServiceConfig,
    readonly clock: Clock,
    random: Random,
    scheduler: Scheduler,
    resolver: Resolver,
    client: RpcClient,
    server: RpcServer,
  ) {
    const { messages = {}, services: others = [] } = plan.options;
    const services = [...new Set([identity.service, ...others])];
    this.address = addressOfProcess(identity);
    this.self = { id: identity.instanceId, incarnation: identity.incarnation };
    this.scheduler = new DetachedScheduler(scheduler);
    this.network = new LinkPeerNetwork({ client, server, scheduler: this.scheduler, services });
    this.messages = new WireMessages().add(messages);
    this.feed = new RegistryMemberFeed(resolver, this.scheduler, services);
    this.system = {
      ...{ clock, random, scheduler: this.scheduler },
      log: new NestActorLog(),
      observer: this.tally,
      freezesMessages: config.NODE_ENV !== 'production',
      carrier: new TraceCarrier(),
    };
  }
}
