import type * as grpc from '@grpc/grpc-js';
import { link } from '@rookery/contracts/messages';
import type { Instance } from '@rookery/discovery';
import { fullJitter } from '@rookery/resilience';
import type { Cancellable, Clock, Random, Scheduler } from '@rookery/runtime';

import type { CallRecord } from '../call-observer.port.js';
import { LinkCaller, type LinkState } from '../link/link-caller.js';
import { dialLink } from '../link/link-dialer.js';
import { DEFAULT_QUEUE_LIMIT, LINK_CAPABILITY, LINK_COLLECT_PATH } from '../link/protocol.js';
import type { ClientCredentials } from '../security/client-credentials.js';
import type { ConnectionState } from './connection-state.js';
import { GrpcTransport } from './grpc-transport.js';
import type { ProviderCall } from './provider-call.port.js';

export interface ConnectionOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly credentials: ClientCredentials;
  readonly self: { readonly service: string; readonly instanceId: string; readonly incarnation: string };
  onState(connection: ProviderConnection, state: ConnectionState, reason: string): void;
}

const RECONNECT = { baseMs: 100, capMs: 2000 };

/** Everything that leads to one incarnation of one instance: its link, kept open, and plain gRPC beside it. */
export class ProviderConnection {
  readonly target: NonNullable<CallRecord['target']>;
  readonly transport: 'link' | 'grpc';
  /** Still in the registry's list. */
  isListed = true;
  private current: ConnectionState = 'connecting';
  private link: LinkCaller | undefined;
  private grpcTransport: GrpcTransport | undefined;
  private reconnect: Cancellable | undefined;
  private failures = 0;
  private isClosed = false;

  constructor(
    readonly instance: Instance,
    private readonly options: ConnectionOptions,
  ) {
    const { id, service, incarnation } = instance;
    this.target = { service, instanceId: id, incarnation };
    this.transport = instance.capabilities.includes(LINK_CAPABILITY) ? 'link' : 'grpc';
  }

  get state(): ConnectionState {
    return this.current;
  }

  get isUsable(): boolean {
    return this.current === 'ready';
  }

  /** Whether the process at the other end shows life, whatever the registry says. */
  get isAlive(): boolean {
    return this.transport === 'link' && (this.current === 'ready' || this.current === 'suspect');
  }

  open(): void {
    if (this.transport === 'grpc') this.move('ready', 'plain gRPC');
    else this.dial();
  }

  /** Sends a call; false means that it was not sent. */
  send(call: ProviderCall): boolean {
    if (this.transport === 'grpc') {
      this.sendByGrpc(call, Buffer.from(call.method.request.encode(call.request).finish()));
      return true;
    }
    return this.link?.send(call) ?? false;
  }

  cancel(call: ProviderCall): void {
    if (call.grpcCall !== undefined) call.grpcCall.cancel();
    else this.link?.cancel(call);
  }

  /** Calls on the link whose answer is out. */
  callsInFlight(): ProviderCall[] {
    // Whatever is on the link was put there by `send`.
    return (this.link?.callsInFlight() ?? []) as ProviderCall[];
  }

  /** The large payload of a link call, or any call where there is no link. */
  sendByGrpc(call: ProviderCall, payload: Buffer): void {
    const { path } = call.method;
    call.sentByGrpc(this.grpc().unary(path, payload, call.wire(), (...answer) => call.answeredByGrpc(...answer)));
  }

  collect(call: ProviderCall, ticket: Uint8Array): void {
    const request = Buffer.from(link.CollectRequest.encode({ ticket }).finish());
    const answered = (error: grpc.ServiceError | null, response: Buffer | undefined): void => {
      const payload = response === undefined ? undefined : link.CollectResponse.decode(response).payload;
      call.answeredByGrpc(error, payload);
    };
    const wire = { ...call.wire(), metadata: undefined };
    call.sentByGrpc(this.grpc().unary(LINK_COLLECT_PATH, request, wire, answered));
  }

  grpc(): GrpcTransport {
    const endpoint = this.instance.endpoints['grpc'];
    if (endpoint === undefined) throw new Error(`instance ${this.instance.id} has no grpc endpoint`);
    this.grpcTransport ??= new GrpcTransport(endpoint, this.options.credentials);
    return this.grpcTransport;
  }

  /** Takes no more calls; those in flight end. */
  leave(reason: string): void {
    if (this.link === undefined) this.close(reason);
    else this.link.leave(reason);
  }

  close(reason: string): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.reconnect?.cancel();
    this.link?.close(reason);
    this.grpcTransport?.close();
  }

  private dial(): void {
    const endpoint = this.instance.endpoints['grpc'];
    if (endpoint === undefined || this.isClosed) return;
    const { clock, scheduler, credentials, self } = this.options;
    const { id, incarnation } = this.instance;
    const { sink, listen } = dialLink(endpoint, credentials);
    const caller: LinkCaller = new LinkCaller({
      sink,
      clock,
      scheduler,
      self,
      expected: { instanceId: id, incarnation },
      queueLimit: DEFAULT_QUEUE_LIMIT,
      onState: (state, reason) => this.onLinkState(state, reason),
    });
    this.link = caller;
    listen(
      (batch) => caller.receive(batch),
      (reason) => caller.ended(reason),
    );
  }

  private onLinkState(state: LinkState, reason: string): void {
    if (this.isClosed) return;
    if (state === 'closed') return this.onLinkClosed(reason);
    if (state === 'handshake') return;
    if (state === 'ready') this.failures = 0;
    this.move(state, reason);
  }

  private onLinkClosed(reason: string): void {
    const hasLeft = this.current === 'leaving';
    this.link = undefined;
    this.move(hasLeft ? 'leaving' : 'down', reason);
    if (hasLeft || this.isClosed) return;
    this.failures++;
    const pause = fullJitter(this.failures, RECONNECT, this.options.random);
    this.reconnect = this.options.scheduler.timer(pause, () => this.dial());
  }

  private move(state: ConnectionState, reason: string): void {
    if (this.current === state) return;
    this.current = state;
    this.options.onState(this, state, reason);
  }
}
