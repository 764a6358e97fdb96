import type { Instance, Snapshot } from '@rookery/discovery';
import type { Cancellable } from '@rookery/runtime';

import { instanceKey } from '../balancing/balancer.js';
import type { CallObserver } from '../call-observer.port.js';
import type { ConnectionState, InstanceState } from './connection-state.js';
import { type ConnectionOptions, ProviderConnection } from './provider-connection.js';

export interface ConnectionPoolOptions extends Omit<ConnectionOptions, 'onState'> {
  readonly observer: CallObserver;
  /** What can be picked has changed. */
  onChange(): void;
}

/** Without a live link an instance is tried for this long after the last fresh answer of the registry. */
const LONGEST_WITHOUT_REGISTRY_MS = 10 * 60_000;
const REVIEW_EVERY_MS = 5000;

/**
 * Keeps one connection to each instance that the registry lists, and to those that it no longer lists while their link
 * lives: a registry that lost its memory ends no working connection. Who said goodbye, was taken out of rotation, or came
 * back as another incarnation is not picked, whatever its connection says.
 */
export class ConnectionPool {
  private readonly connections = new Map<string, ProviderConnection>();
  private byInstance = new Map<Instance, ProviderConnection>();
  private usableInstances: readonly Instance[] = [];
  private outOfRotation: ReadonlySet<string> = new Set();
  /** Epoch milliseconds of the registry's last answer; undefined while it answers. */
  private silentSince: number | undefined;
  private readonly review: Cancellable;
  private isClosed = false;

  constructor(private readonly options: ConnectionPoolOptions) {
    this.review = options.scheduler.interval(REVIEW_EVERY_MS, () => this.dropStale());
  }

  usable(): readonly Instance[] {
    return this.usableInstances;
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
      if (instance.endpoints['grpc'] === undefined) continue;
      const key = connectionKey(instance);
      listed.add(key);
      if (!this.connections.has(key)) this.add(key, instance);
    }
    for (const [key, connection] of this.connections) {
      connection.isListed = listed.has(key);
      if (!connection.isListed && this.mayDrop(connection)) this.drop(key, connection, 'no longer in the registry');
    }
    this.refresh();
  }

  close(): void {
    this.isClosed = true;
    this.review.cancel();
    for (const connection of this.connections.values()) connection.close('the client closed');
    this.connections.clear();
    this.refresh();
  }

  private add(key: string, instance: Instance): void {
    const connection = new ProviderConnection(instance, {
      ...this.options,
      onState: (changed, state) => this.onState(key, changed, state),
    });
    this.connections.set(key, connection);
    connection.open();
  }

  private onState(key: string, connection: ProviderConnection, state: ConnectionState): void {
    this.options.observer.connectionChanged(connection.target, state);
    if (!connection.isListed && this.mayDrop(connection)) this.drop(key, connection, 'no longer in the registry');
    // Pickers change first, so that what is asked again does not meet the same instance.
    this.refresh();
    if (state === 'suspect') for (const call of connection.callsInFlight()) call.suspect();
  }

  /** Weight and the like may change while it lives; a changed entry is a new connection, made before the old one goes. */
  private mayDrop(connection: ProviderConnection): boolean {
    return !connection.isAlive || this.isSuperseded(connection);
  }

  private isSuperseded(connection: ProviderConnection): boolean {
    for (const other of this.connections.values()) {
      if (other !== connection && other.isListed && other.instance.id === connection.instance.id) return true;
    }
    return false;
  }

  private isPickable(connection: ProviderConnection): boolean {
    return connection.isUsable && !this.outOfRotation.has(connection.instance.id);
  }

  private dropStale(): void {
    if (this.silentSince === undefined) return;
    if (this.options.clock.now() - this.silentSince < LONGEST_WITHOUT_REGISTRY_MS) return;
    for (const [key, connection] of this.connections) {
      if (!connection.isAlive) this.drop(key, connection, 'the registry is silent and no link is alive');
    }
    this.refresh();
  }

  private drop(key: string, connection: ProviderConnection, reason: string): void {
    if (!this.connections.delete(key)) return;
    this.options.observer.connectionChanged(connection.target, 'gone');
    connection.leave(reason);
  }

  private refresh(): void {
    const pickable = [...this.connections.values()].filter((connection) => this.isPickable(connection));
    this.byInstance = new Map(pickable.map((connection) => [connection.instance, connection]));
    this.usableInstances = pickable.map((connection) => connection.instance);
    this.options.onChange();
  }
}

/** Connections are told apart by all that they depend on, so that a changed weight or endpoint is noticed. */
function connectionKey(instance: Instance): string {
  return `${instanceKey(instance)} ${JSON.stringify(instance)}`;
}
