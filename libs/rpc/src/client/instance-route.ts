import type { CallerActors, LinkActorUser } from '../link/caller-actors.js';
import { tellSafely } from '../tell-safely.js';
import type { ActorRoute, ActorRouteListener, ActorTarget } from './actor-route.port.js';
import type { ProviderConnection } from './provider-connection.js';

/** The actor route to one incarnation: goes by one of the connections to it, and tells its listener of each change once. */
export class InstanceRoute implements ActorRoute, LinkActorUser {
  private connection: ProviderConnection | undefined;
  /** Where frames go while a link stands. */
  private actors: CallerActors | undefined;
  private isClosed = false;

  constructor(
    readonly target: ActorTarget,
    private readonly listener: ActorRouteListener,
    private readonly onClosed: (route: InstanceRoute) => void,
  ) {}

  get room(): number {
    return this.actors?.room ?? 0;
  }

  get isFollowing(): boolean {
    return this.connection !== undefined;
  }

  send(payload: Uint8Array): boolean {
    return this.actors?.send(payload) ?? false;
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.actors = undefined;
    this.connection?.release(this);
    this.connection = undefined;
    this.onClosed(this);
  }

  /** Goes by the links of this connection from now on. */
  follow(connection: ProviderConnection): void {
    this.connection = connection;
    connection.carry(this);
  }

  /** The connection is given up. True: the route went by it, and needs another. */
  unfollow(connection: ProviderConnection, reason: string): boolean {
    if (this.connection !== connection) return false;
    this.connection = undefined;
    this.down(reason);
    connection.release(this);
    return !this.isClosed;
  }

  gone(reason: string): void {
    this.down(reason);
    if (this.isClosed) return;
    this.close();
    tellSafely(() => this.listener.gone(reason));
  }

  up(actors: CallerActors): void {
    this.actors = actors;
    tellSafely(() => this.listener.up());
  }

  answered(payload: Uint8Array): void {
    tellSafely(() => this.listener.answered(payload));
  }

  taken(frames: number): void {
    tellSafely(() => this.listener.taken(frames));
  }

  writable(): void {
    tellSafely(() => this.listener.writable());
  }

  down(reason: string): void {
    if (this.actors === undefined) return;
    this.actors = undefined;
    tellSafely(() => this.listener.down(reason));
  }
}
