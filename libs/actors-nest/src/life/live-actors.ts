import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { type ActorWork, nextAddress, Remote } from '@rookery/actors';
import { grainCapability } from '@rookery/rpc';
import { DomainError } from '@rookery/runtime';
import { Capabilities, Drain, Readiness, type Requirement, ServiceConfig } from '@rookery/service-kit';
import { ActorsPlan } from '../actors-options.js';
import { DeclaredClasses } from '../declaration/declared-classes.js';
import { declareFeatures } from '../declaration/feature-classes.js';
import { requireSealed } from '../declaration/sealed-class.js';
import { actorCapability } from '../members/actor-capability.js';
import { GrainTally } from '../watch/grain-tally.js';
import { ActorGeneration, notStarted } from './actor-generation.js';
import { ActorSurroundings } from './actor-surroundings.js';
import { StopLimits } from './stop-limits.js';

/** How often a stop looks whether what it has said to others has arrived. */
const LOOK_MS = 10;

/**
 * The actors of this process, from the start of the service to its stop. When others have given its actor system up, or may
 * have, a new one takes its place, with the same actors and grains.
 */
@Injectable()
export class LiveActors implements OnApplicationBootstrap, OnModuleDestroy {
  readonly grainTally: GrainTally;
  /** How often a new actor system has taken over. */
  renewals = 0;
  /** Undefined before the application has started, and while a new actor system takes over. */
  current: ActorGeneration | undefined;
  private readonly logger = new Logger('Actors');
  private readonly requirement: Requirement;
  private readonly limits: StopLimits;
  private workBefore: ActorWork = { messages: 0, busyMs: 0 };
  private remote: Remote | undefined;
  private leaving: Promise<void> | undefined;
  private renewal: Promise<void> | undefined;
  private ending: Promise<void> | undefined;

  constructor(
    private readonly surroundings: ActorSurroundings,
    private readonly declared: DeclaredClasses,
    private readonly plan: ActorsPlan,
    private readonly capabilities: Capabilities,
    private readonly modules: ModulesContainer,
    readiness: Readiness,
    drain: Drain,
    config: ServiceConfig,
  ) {
    this.grainTally = new GrainTally(declared);
    this.limits = new StopLimits(config.DRAIN_LIMIT_MS);
    this.requirement = readiness.require('actors');
    drain.add({
      name: 'actors',
      stop: () => this.leave(),
      handOver: () => this.leaving ?? Promise.resolve(),
      finish: () => this.end(),
    });
  }

  /** Throws ACTORS_NOT_STARTED. */
  get generation(): ActorGeneration {
    if (this.current === undefined) throw notStarted();
    return this.current;
  }

  /** The ways to other processes. Throws ACTORS_NOT_STARTED. */
  get ways(): Remote {
    if (this.remote === undefined) throw notStarted();
    return this.remote;
  }

  /** What all actor systems so far have done. */
  get work(): ActorWork {
    const { busyMs = 0, messages = 0 } = this.current?.system.work ?? {};
    return { messages: this.workBefore.messages + messages, busyMs: this.workBefore.busyMs + busyMs };
  }

  /** Members of the cluster beside this one, by address, and whether there is a connection to them. */
  get peers(): ReadonlyMap<string, boolean> {
    if (this.current === undefined) return new Map();
    const { cluster, system } = this.current;
    const others = cluster.topology.members.filter(({ address }) => address !== system.address);
    return new Map(others.map(({ address }) => [address, this.remote?.isUp(address) === true]));
  }

  /** Resolves when no new actor system is taking over any more, at the latest after `limitMs`. */
  renewed(limitMs: number): Promise<void> {
    const { renewal } = this;
    if (renewal === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      const limit = this.surroundings.scheduler.timer(limitMs, resolve);
      const end = (): void => {
        limit.cancel();
        resolve();
      };
      renewal.then(end, end);
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    requireSealed(this.modules);
    await declareFeatures(this.modules, this.declared);
    const { limits: { patienceMs, queueLimit } = {}, spawnable: kinds = {} } = this.plan.options;
    const { address, messages, network } = this.surroundings;
    const first = new ActorGeneration(this.surroundings, this.declared, address);
    this.remote = new Remote(first.system, {
      ...{ network, messages, kinds },
      onGivenUp: (process) => this.givenUpBy(process),
      ...(patienceMs === undefined ? {} : { patienceMs }),
      ...(queueLimit === undefined ? {} : { queueLimit }),
    });
    this.begin(first, this.remote);
    for (const kind of first.cluster.kinds) this.capabilities.add(grainCapability(kind));
    this.capabilities.add(actorCapability(address, address));
  }

  /** Also when the service could not start. */
  async onModuleDestroy(): Promise<void> {
    await this.end();
  }

  private begin(generation: ActorGeneration, remote: Remote): void {
    const { patienceMs, queueLimit, ...limits } = this.plan.options.limits ?? {};
    generation.begin(remote, { ...limits, observer: this.grainTally, onStandstill: () => this.stoodStill() });
    this.current = generation;
    this.requirement.met();
  }

  private givenUpBy(process: string): void {
    this.beginAnew('another process has given up the actors of this one; they start anew', { process });
  }

  private stoodStill(): void {
    this.beginAnew(
      'this process stood still for so long that others may have given up its actors; they start anew',
      {},
    );
  }

  private beginAnew(why: string, facts: Readonly<Record<string, string>>): void {
    if (this.renewal !== undefined || this.leaving !== undefined || this.ending !== undefined) return;
    this.logger.warn(why, facts);
    this.renewal = this.renew()
      // The service stays unready, which whoever looks after it sees.
      .catch((error: unknown) => this.logger.error('the actors could not begin anew', { err: error }))
      .finally(() => (this.renewal = undefined));
  }

  private async renew(): Promise<void> {
    const { current: former, remote } = this;
    if (former === undefined || remote === undefined) return;
    this.workBefore = this.work;
    this.current = undefined;
    this.requirement.unmet('a new actor system takes over');
    await this.shutDown(former);
    const { address } = this.surroundings;
    const next = new ActorGeneration(this.surroundings, this.declared, nextAddress(former.system.address));
    remote.renew(next.system);
    this.renewals++;
    this.begin(next, remote);
    this.capabilities.replace(
      actorCapability(former.system.address, address),
      actorCapability(next.system.address, address),
    );
  }

  private leave(): void {
    this.leaving ??= this.leaveOnce();
  }

  /** Its links may end when others know of it. */
  private async leaveOnce(): Promise<void> {
    await this.renewal;
    await this.current?.cluster.leave(this.limits.leaveMs);
    await this.untilQuiet();
  }

  private end(): Promise<void> {
    this.ending ??= this.endAll();
    return this.ending;
  }

  private async endAll(): Promise<void> {
    await this.renewal;
    if (this.current !== undefined) await this.shutDown(this.current);
    await this.untilQuiet();
    this.remote?.close();
  }

  private async shutDown({ system }: ActorGeneration): Promise<void> {
    try {
      await system.shutdown(this.limits.shutdownMs);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      this.logger.warn('some actors did not end in time', { err: error });
    }
  }

  /** What was said to others has arrived, or they will notice. */
  private async untilQuiet(): Promise<void> {
    const { clock, scheduler } = this.surroundings;
    const endsAt = clock.monotonic() + this.limits.quietMs;
    while (this.remote?.isQuiet === false && clock.monotonic() < endsAt) {
      await new Promise<void>((resolve) => scheduler.timer(LOOK_MS, resolve));
    }
  }
}
