import type * as grpc from '@grpc/grpc-js';
import { link } from '@rookery/contracts/messages';
import type { Instance } from '@rookery/discovery';
import { fullJitter } from '@rookery/resilience';
import type { Cancellable, Clock, Random, Scheduler } from '@rookery/runtime';

import type { CallRecord } from '../call-observer.port.js';
import { encodeMessage } from '../codec/encode-message.js';
import type { LinkActorUser } from '../link/caller-actors.js';
import { LinkCaller, type LinkState } from '../link/link-caller.js';
import { type DialedStream, dialLink } from '../link/link-dialer.js';
import { DEFAULT_QUEUE_LIMIT, LINK_CAPABILITY, LINK_COLLECT_PATH } from '../link/protocol.js';
import type { ClientCredentials } from '../security/client-credentials.js';
import { plainStatus } from '../status/call-status.js';
import { StatusCode } from '../status/status-code.js';
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
/** Another instance answers at this address, or none that may be called: the registry will tell sooner than a retry. */
const RECONNECT_WRONG = { baseMs: 10_000, capMs: 60_000 };
/** A link that lived for this long was no accident: the next pause is short again. */
const STEADY_MS = 5000;

/** Actor frames that go by the links of a connection. */
export interface CarriedRoute extends LinkActorUser {
  /** The process said goodbye, and its link ended. */
  gone(reason: string): void;
}

/** Everything that leads to one incarnation of one instance: its link, kept open, and plain gRPC beside it. */
export class ProviderConnection {
  readonly target: NonNullable<CallRecord['target']>;
  readonly transport: 'link' | 'grpc';
  /** Still in the registry's list. */
  isListed = true;
  private current: ConnectionState = 'connecting';
  private link: LinkCaller | undefined;
  private grpcTransport: GrpcTransport | undefined;
  private route: CarriedRoute | undefined;
  private reconnect: Cancellable | undefined;
  private failures = 0;
  private readyAt: number | undefined;
  private isClosed = false;

  constructor(
    private described: Instance,
    private readonly options: ConnectionOptions,
  ) {
    const { id, service, incarnation } = described;
    this.target = { service, instanceId: id, incarnation };
    this.transport = transportOf(described);
  }

  get instance(): Instance {
    return this.described;
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

  /** Said goodbye, and no link stands any more. */
  get hasLeft(): boolean {
    return this.current === 'leaving' && this.link === undefined;
  }

  open(): void {
    if (this.transport === 'link') return this.dial();
    try {
      this.grpc();
    } catch (error) {
      // Such as plaintext that is not allowed: no time heals it, so it is not tried again.
      return this.move('down', error instanceof Error ? error.message : String(error));
    }
    this.move('ready', 'plain gRPC');
  }

  /** The registry says something new of the same instance at the same place, such as another weight. */
  describe(instance: Instance): void {
    this.described = instance;
  }

  /** The links of this connection, now and later, carry the frames of this route. */
  carry(route: CarriedRoute): void {
    this.route = route;
    this.link?.actors.attach(route);
  }

  release(route: CarriedRoute): void {
    if (this.route !== route) return;
    this.route = undefined;
    this.link?.actors.detach();
  }

  /** Sends a call; false means that it was not sent. `now` is the monotonic time, just read. */
  send(call: ProviderCall, now: number): boolean {
    if (this.transport === 'grpc') {
      this.sendByGrpc(call, encodeMessage(call.method.request, call.request));
      return true;
    }
    return this.link?.send(call, now) ?? false;
  }

  cancel(call: ProviderCall): void {
    if (call.grpcCall !== undefined) call.grpcCall.cancel();
    else this.link?.cancel(call);
  }

  /** Calls on the link whose answer is out, and calls that wait for their turn. */
  calls(): ProviderCall[] {
    // Whatever is on the link was put there by `send`.
    return (this.link?.calls() ?? []) as ProviderCall[];
  }

  /** The large payload of a link call, or any call where there is no link. */
  sendByGrpc(call: ProviderCall, payload: Buffer): void {
    const { path } = call.method;
    call.sentByGrpc(
      this.grpc().unary(path, payload, call.wire(), (error, response) => call.answeredByGrpc(error, response)),
    );
  }

  collect(call: ProviderCall, ticket: Uint8Array): void {
    const request = Buffer.from(link.CollectRequest.encode({ ticket }).finish());
    const answered = (error: grpc.ServiceError | null, response: Buffer | undefined): void => {
      let payload: Uint8Array | undefined;
      try {
        payload = response === undefined ? undefined : link.CollectResponse.decode(response).payload;
      } catch {
        call.fail(plainStatus(StatusCode.INTERNAL, `unreadable response of ${call.method.path}`), undefined);
        return;
      }
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
    try {
      this.openLink(dialLink(endpoint, this.options.credentials));
    } catch (error) {
      this.retryLater(error instanceof Error ? error.message : String(error), RECONNECT_WRONG);
    }
  }

  private openLink({ sink, listen }: DialedStream): void {
    const { clock, scheduler, self } = this.options;
    const { id, incarnation } = this.instance;
    const caller: LinkCaller = new LinkCaller({
      sink,
      clock,
      scheduler,
      self,
      expected: { instanceId: id, incarnation },
      queueLimit: DEFAULT_QUEUE_LIMIT,
      onState: (state, reason) => this.onLinkState(caller, state, reason),
    });
    this.link = caller;
    if (this.route !== undefined) caller.actors.attach(this.route);
    listen(
      (batch) => caller.receive(batch),
      (reason) => caller.ended(reason),
    );
  }

  private onLinkState(caller: LinkCaller, state: LinkState, reason: string): void {
    if (this.isClosed) return;
    if (state === 'closed') return this.onLinkClosed(caller, reason);
    if (state === 'handshake') return;
    if (state === 'ready') this.readyAt ??= this.options.clock.monotonic();
    this.move(state, reason);
  }

  private onLinkClosed(caller: LinkCaller, reason: string): void {
    this.link = undefined;
    const isDraining = caller.refusal === link.Refusal_Reason.REASON_DRAINING;
    if (this.current === 'leaving' || isDraining) {
      this.move('leaving', reason);
      // What travels beside the link ends by itself.
      this.grpcTransport?.close();
      this.route?.gone(reason);
      return;
    }
    const wasSteady = this.readyAt !== undefined && this.options.clock.monotonic() - this.readyAt >= STEADY_MS;
    this.readyAt = undefined;
    if (wasSteady) this.failures = 0;
    this.retryLater(reason, caller.refusal === undefined ? RECONNECT : RECONNECT_WRONG);
  }

  private retryLater(reason: string, pauses: typeof RECONNECT): void {
    this.failures++;
    const pause = fullJitter(this.failures, pauses, this.options.random);
    this.reconnect = this.options.scheduler.timer(pause, () => this.dial());
    this.move('down', reason);
  }

  private move(state: ConnectionState, reason: string): void {
    if (this.current === state) return;
    this.current = state;
    this.options.onState(this, state, reason);
  }
}

/** How an instance is called. */
export function transportOf(instance: Instance): 'link' | 'grpc' {
  return instance.capabilities.includes(LINK_CAPABILITY) ? 'link' : 'grpc';
}
