import type { MethodDefinition } from '@rookery/contracts/nest';
import type { Instance, Resolver, Snapshot, Watch } from '@rookery/discovery';
import { deadlineAfter, type DeadlineWheel, earliestDeadline, fullJitter, RetryBudget } from '@rookery/resilience';
import type { Cancellable, Clock, Random, Scheduler } from '@rookery/runtime';

import type { Balancer, Pick, Picker, PickRequest } from '../balancing/balancer.js';
import { currentScope } from '../call-context.js';
import type { CallObserver } from '../call-observer.port.js';
import { GuardedObserver } from '../guarded-observer.js';
import { BalancedRoute } from '../routing/balanced-route.js';
import { Owners } from '../routing/owners.js';
import type { ClientCredentials } from '../security/client-credentials.js';
import { tellSafely } from '../tell-safely.js';
import type { ActorRoute, ActorRouteListener, ActorTarget } from './actor-route.port.js';
import { type ChannelCallOptions, DEFAULT_TIMEOUT_MS, type UnaryCallOptions } from './call-options.js';
import { ConnectionPool } from './connection-pool.js';
import type { InstanceState } from './connection-state.js';
import type { ParkedCall } from './provider-call.port.js';
import type { ProviderConnection } from './provider-connection.js';
import { StreamCall } from './stream-call.js';
import { UnaryCall } from './unary-call.js';
import type { UnaryCallHost } from './unary-call-host.port.js';

export interface ServiceChannelOptions {
  readonly service: string;
  readonly resolver: Resolver;
  readonly balancer: Balancer;
  readonly clock: Clock;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly wheel: DeadlineWheel;
  readonly observer?: CallObserver;
  readonly credentials: ClientCredentials;
  readonly self: { readonly service: string; readonly instanceId: string; readonly incarnation: string };
}

/** How long a call waits for a first connection that is being made. */
const PATIENCE_MS = 2000;
const PARKED_LIMIT = 4096;
const BACK_OFF = { baseMs: 25, capMs: 500 };

/** All instances of one service, as seen from here: who they are, which are usable, and the way to call one of them. */
export class ServiceChannel implements UnaryCallHost {
  readonly service: string;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly wheel: DeadlineWheel;
  readonly observer: CallObserver;
  readonly retryBudget: RetryBudget;
  readonly owners = new Owners();
  readonly anywhere = new BalancedRoute(this, undefined);
  private readonly pool: ConnectionPool;
  private readonly watch: Watch;
  private readonly parked = new Set<ParkedCall>();
  private readonly listeners = new Set<() => void>();
  private readonly patience: Cancellable;
  private picker: Picker;
  private hasSnapshot = false;
  private isPatient = true;

  constructor(private readonly options: ServiceChannelOptions) {
    this.service = options.service;
    this.clock = options.clock;
    this.scheduler = options.scheduler;
    this.wheel = options.wheel;
    this.observer = new GuardedObserver(options.observer);
    this.retryBudget = new RetryBudget(options.clock);
    this.picker = options.balancer.update([]);
    this.pool = new ConnectionPool({ ...options, observer: this.observer, onChange: () => this.refresh() });
    this.patience = options.scheduler.timer(PATIENCE_MS, () => this.endPatience());
    this.watch = options.resolver.watch(options.service, (snapshot) => this.onSnapshot(snapshot));
  }

  /**
   * Makes a unary call through the whole pipeline. Rejects with a DomainError: the provider's own, or NO_PROVIDER,
   * NO_OWNER, DEADLINE_EXCEEDED, CANCELLED, OUTCOME_UNKNOWN, UNAVAILABLE, RESOURCE_EXHAUSTED of the pipeline.
   */
  unary<Req, Res>(method: MethodDefinition<Req, Res>, request: Req, options?: UnaryCallOptions): Promise<Res> {
    const scope = currentScope();
    const now = this.clock.monotonic();
    const deadlineAt = this.deadlineOf(options, scope?.deadlineAt, now);
    return new Promise((resolve, reject) => {
      const erased = method as unknown as MethodDefinition<unknown, unknown>;
      const done = resolve as (response: unknown) => void;
      new UnaryCall(this, erased, request, deadlineAt, options, scope, done, reject).start(now);
    });
  }

  /** Asks for a stream. Errors as in `unary`; nothing is retried once the stream has begun. */
  serverStream<Req, Res>(
    method: MethodDefinition<Req, Res>,
    request: Req,
    options?: ChannelCallOptions,
  ): AsyncIterable<Res> {
    return this.stream(method, options).ask(request);
  }

  /** Sends a stream, gets one response. */
  async clientStream<Req, Res>(
    method: MethodDefinition<Req, Res>,
    requests: AsyncIterable<Req>,
    options?: ChannelCallOptions,
  ): Promise<Res> {
    return this.stream(method, options).single(requests);
  }

  /** Streams both ways at once. */
  bidiStream<Req, Res>(
    method: MethodDefinition<Req, Res>,
    requests: AsyncIterable<Req>,
    options?: ChannelCallOptions,
  ): AsyncIterable<Res> {
    return this.stream(method, options).exchange(requests);
  }

  /** As `RpcClient.actorRoute`. */
  actorRoute(target: ActorTarget, listener: ActorRouteListener): ActorRoute {
    return this.pool.routes.open(target, listener);
  }

  /** Everything known of the service's instances. */
  instances(): readonly InstanceState[] {
    return this.pool.states();
  }

  /** Calls `listener` when an instance comes, goes, or changes its state. Returns what stops it. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  close(): void {
    this.watch.close();
    this.endPatience();
    this.pool.close();
    for (const call of this.takeParked()) call.giveUp();
  }

  pick(request: PickRequest, now = this.clock.monotonic()): Pick | undefined {
    return this.picker.pick(request, now);
  }

  pickOf(instance: Instance, now: number): Pick | undefined {
    return this.picker.pickOf(instance, now);
  }

  usable(): readonly Instance[] {
    return this.pool.usable();
  }

  connectionTo(instance: Instance): ProviderConnection {
    return this.pool.connectionTo(instance);
  }

  park(call: ParkedCall, isWorthIt = this.isWorthWaiting()): void {
    if (isWorthIt && this.parked.size < PARKED_LIMIT) this.parked.add(call);
    else call.giveUp();
  }

  unpark(call: ParkedCall): boolean {
    return this.parked.delete(call);
  }

  backOffMs(retry: number): number {
    return fullJitter(retry, BACK_OFF, this.options.random);
  }

  private stream<Req, Res>(
    method: MethodDefinition<Req, Res>,
    options: ChannelCallOptions | undefined,
  ): StreamCall<Req, Res> {
    const scope = currentScope();
    // A stream has no default deadline: watching is what streams are for.
    const inherited = scope?.deadlineAt;
    const hasOwn = options?.timeoutMs !== undefined;
    const isBounded = hasOwn || inherited !== undefined;
    const deadlineAt = isBounded ? this.deadlineOf(options, inherited, this.clock.monotonic()) : undefined;
    return new StreamCall(this, method, deadlineAt, options, scope);
  }

  private deadlineOf(options: ChannelCallOptions | undefined, inherited: number | undefined, now: number): number {
    const own = options?.timeoutMs ?? (inherited === undefined ? DEFAULT_TIMEOUT_MS : undefined);
    if (Number.isNaN(own)) throw new RangeError('timeoutMs is not a number');
    return earliestDeadline(deadlineAfter(own, now), inherited) ?? Number.POSITIVE_INFINITY;
  }

  private onSnapshot(snapshot: Snapshot): void {
    this.hasSnapshot = true;
    this.pool.update(snapshot);
  }

  private refresh(): void {
    this.picker = this.options.balancer.update(this.pool.usable());
    this.owners.update(this.pool.listed());
    for (const listener of this.listeners) tellSafely(listener);
    if (this.pool.usable().length > 0 || !this.isWorthWaiting()) this.tryParked();
  }

  private isWorthWaiting(): boolean {
    return (this.isPatient && !this.hasSnapshot) || this.pool.isConnecting();
  }

  private endPatience(): void {
    this.patience.cancel();
    this.isPatient = false;
    if (!this.isWorthWaiting()) this.tryParked();
  }

  /** Whom they wait for is there, or there is nothing to wait for: each finds out for itself, and waits on or gives up. */
  private tryParked(): void {
    for (const call of this.takeParked()) call.tryOnce();
  }

  private takeParked(): ParkedCall[] {
    const calls = [...this.parked];
    this.parked.clear();
    return calls;
  }
}
