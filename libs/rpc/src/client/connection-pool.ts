import { type Instance, isSameInstance, type Snapshot } from '@rookery/discovery';
import type { Cancellable } from '@rookery/runtime';

import { instanceKey } from '../balancing/balancer.js';
import type { CallObserver } from '../call-observer.port.js';
import type { ActorTarget } from './actor-route.port.js';
import { ActorRoutes } from './actor-routes.js';
import type { ConnectionState, InstanceState } from './connection-state.js';
import { type ConnectionOptions, ProviderConnection, transportOf } from './provider-connection.js';

export interface ConnectionPoolOptions extends Omit<ConnectionOptions, 'onState'> {
  readonly observer: CallObserver;
  /** What can be picked has changed. */
  onChange(): void;
}

/** Without a live link an instance is tried for this long after the last fresh answer of the registry. */
const LONGEST_WITHOUT_REGISTRY_MS = 10 * 60_000;
const REVIEW_EVERY_MS = 5000;
/** A registry that lists an incarnation this long after its goodbye, and never left it out, has been wrong long enough. */
const REMEMBER_GOODBYE_MS = 60 * 60_000;

/**
 * Keeps one connection to each instance that the registry lists, and to those that it no longer lists while their link
 * lives: a registry that lost its memory ends no working connection. Who said goodbye, was taken out of rotation, or came
 * back as another incarnation is not picked, whatever its connection says.
 */
export class ConnectionPool {
  readonly routes: ActorRoutes;
  private readonly connections = new Map<string, ProviderConnection>();
  private byInstance = new Map<Instance, ProviderConnection>();
  private usableInstances: readonly Instance[] = [];
  private listedInstances: readonly Instance[] = [];
  private outOfRotation: ReadonlySet<string> = new Set();
  /** Incarnations that said goodbye, and when (monotonic) that was last of interest. */
  private readonly farewells = new Map<string, number>();
  /** Epoch milliseconds of the registry's last answer; undefined while it answers. */
  private silentSince: number | undefined;
  private readonly review: Cancellable;
  private isClosed = false;

  constructor(private readonly options: ConnectionPoolOptions) {
    const ground = {
      connectionTo: (target: ActorTarget) => this.bestTo(target),
      hasLeft: (target: ActorTarget) => this.isGoneFor(target),
      isReplaced: (target: ActorTarget) => this.isReplaced(target),
    };
    this.routes = new ActorRoutes(ground, options.scheduler);
    this.review = options.scheduler.interval(REVIEW_EVERY_MS, () => this.dropStale());
  }

  usable(): readonly Instance[] {
    return this.usableInstances;
  }

  /** Those that own keys, each id once: all but those that left or are out of rotation, whether they can be reached or not. */
  listed(): readonly Instance[] {
    return this.listedInstances;
  }

  /** A first try to reach a listed instance is under way. */
  isConnecting(): boolean {
    for (const connection of this.connections.values()) if (connection.state === 'connecting') return true;
    return false;
  }

  connectionTo(instance: Instance): ProviderConnection {
    const connection = this.byInstance.get(instance);
    if (connection === undefined) throw new Error(`no connection to ${instance.id}`);
    return connection;
  }

  states(): InstanceState[] {
    return Array.from(this.connections.values(), (connection) => ({
      instance: connection.instance,
      state: connection.state,
      isUsable: this.isPickable(connection),
      transport: connection.transport,
    }));
  }

  update(snapshot: Snapshot): void {
    if (this.isClosed) return;
    this.silentSince = snapshot.source === 'registry' ? undefined : snapshot.confirmedAt;
    this.outOfRotation = new Set(snapshot.outOfRotation);
    const listed = new Set<string>();
    for (const instance of snapshot.instances) {
      const key = connectionKey(instance);
      if (key === undefined) continue;
      listed.add(key);
      this.meet(key, instance);
    }
    for (const [key, connection] of this.connections) connection.isListed = listed.has(key);
    this.routes.review();
    this.dropUnlisted();
    this.refresh();
  }

  close(): void {
    this.isClosed = true;
    this.review.cancel();
    this.routes.close('the client closed');
    const connections = [...this.connections.values()];
    this.connections.clear();
    // First nobody is picked any more: what a closing link gives back must not be tried on the next to close.
    this.refresh();
    for (const connection of connections) connection.close('the client closed');
  }

  private meet(key: string, instance: Instance): void {
    const known = this.connections.get(key);
    if (known === undefined) {
      if (!this.hasLeft(instance) && !this.isStale()) this.add(key, instance);
    } else if (!isSameInstance(known.instance, instance)) {
      known.describe(instance);
    }
  }

  private add(key: string, instance: Instance): void {
    const connection = new ProviderConnection(instance, {
      ...this.options,
      onState: (changed, state, reason) => this.onState(key, changed, state, reason),
    });
    this.connections.set(key, connection);
    this.routes.joined(connection);
    connection.open();
  }

  private onState(key: string, connection: ProviderConnection, state: ConnectionState, reason: string): void {
    if (this.connections.get(key) !== connection) return; // dropped: it ends by itself
    if (state === 'leaving') this.remember(connection.instance);
    this.options.observer.connectionChanged(connection.target, state, reason);
    this.dropUnlisted();
    // Pickers change first, so that what is asked again does not meet the same instance.
    this.refresh();
    if (state === 'suspect') for (const call of connection.calls()) call.suspect();
  }

  private dropUnlisted(): void {
    for (const [key, connection] of this.connections) {
      if (!connection.isListed && this.mayDrop(connection)) this.drop(key, connection, 'no longer in the registry');
    }
  }

  /** One that is not listed is kept while its process shows life, and no other entry speaks for the same instance. */
  private mayDrop(connection: ProviderConnection): boolean {
    return !connection.isAlive || this.isSuperseded(connection);
  }

  /** By another incarnation at once; by the same at another address when that is reached. */
  private isSuperseded(connection: ProviderConnection): boolean {
    const { id, incarnation } = connection.instance;
    for (const other of this.connections.values()) {
      if (other === connection || !other.isListed || other.instance.id !== id) continue;
      if (other.instance.incarnation !== incarnation || other.isUsable) return true;
    }
    return false;
  }

  private to({ instanceId, incarnation }: ActorTarget): ProviderConnection[] {
    const isMeant = ({ target }: ProviderConnection): boolean =>
      target.instanceId === instanceId && target.incarnation === incarnation;
    return [...this.connections.values()].filter(isMeant);
  }

  private bestTo(target: ActorTarget): ProviderConnection | undefined {
    const all = this.to(target);
    return all.find((connection) => connection.isUsable) ?? all[0];
  }

  private isGoneFor(target: ActorTarget): boolean {
    const connection = this.bestTo(target);
    return connection?.hasLeft ?? this.farewells.has(`${target.instanceId}/${target.incarnation}`);
  }

  /** Only by what a registry that answers says, and an entry that names its incarnation. */
  private isReplaced(target: ActorTarget): boolean {
    if (this.silentSince !== undefined || this.to(target).some(({ isListed }) => isListed)) return false;
    for (const { isListed, target: other } of this.connections.values()) {
      if (isListed && other.instanceId === target.instanceId && other.incarnation !== '') return true;
    }
    return false;
  }

  private isPickable(connection: ProviderConnection): boolean {
    return connection.isUsable && !this.outOfRotation.has(connection.instance.id);
  }

  /** An entry that does not name its incarnation cannot be told from its successor. */
  private remember(instance: Instance): void {
    if (instance.incarnation !== '') this.farewells.set(instanceKey(instance), this.options.clock.monotonic());
  }

  private hasLeft(instance: Instance): boolean {
    return this.farewells.has(instanceKey(instance));
  }

  private isStale(): boolean {
    return this.silentSince !== undefined && this.options.clock.now() - this.silentSince >= LONGEST_WITHOUT_REGISTRY_MS;
  }

  private dropStale(): void {
    const forgetBefore = this.options.clock.monotonic() - REMEMBER_GOODBYE_MS;
    for (const [key, since] of this.farewells) if (since < forgetBefore) this.farewells.delete(key);
    if (!this.isStale()) return;
    for (const [key, connection] of this.connections) {
      if (!connection.isAlive) this.drop(key, connection, 'the registry is silent and no link is alive');
    }
    this.refresh();
  }

  private drop(key: string, connection: ProviderConnection, reason: string): void {
    if (!this.connections.delete(key)) return;
    this.options.observer.connectionChanged(connection.target, 'gone', reason);
    this.routes.dropped(connection, reason);
    connection.leave(reason);
  }

  private standing(): readonly Instance[] {
    const byId = new Map<string, ProviderConnection>();
    for (const connection of this.connections.values()) {
      const { id } = connection.instance;
      if (connection.state === 'leaving' || this.outOfRotation.has(id)) continue;
      // An instance that moved has two connections until the new one stands.
      if (byId.get(id)?.isUsable !== true) byId.set(id, connection);
    }
    return Array.from(byId.values(), (connection) => connection.instance);
  }

  private refresh(): void {
    const pickable = [...this.connections.values()].filter((connection) => this.isPickable(connection));
    this.byInstance = new Map(pickable.map((connection) => [connection.instance, connection]));
    this.usableInstances = pickable.map((connection) => connection.instance);
    this.listedInstances = this.standing();
    this.options.onChange();
  }
}

/** Connections are told apart by whom they lead to, and where; undefined when rpc cannot be spoken there. */
function connectionKey(instance: Instance): string | undefined {
  const endpoint = instance.endpoints['grpc'];
  if (endpoint === undefined) return undefined;
  const { host, port, isSecure } = endpoint;
  return [instance.id, instance.incarnation, transportOf(instance), host, port, isSecure].join(' ');
}
