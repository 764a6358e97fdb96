import { pricing } from '@rookery/contracts/messages';
import { type MethodDefinition, PricingServiceDefinition } from '@rookery/contracts/nest';
import { VirtualTime } from '@rookery/runtime/testing';

import type { ActorEntrance } from '../src/link/callee-actors.js';
import { LinkCallee } from '../src/link/link-callee.js';
import type { LinkCall } from '../src/link/link-call.port.js';
import { LinkCaller, type LinkState } from '../src/link/link-caller.js';
import type { BatchSink } from '../src/link/outbox.js';
import { TicketOffice } from '../src/link/ticket-office.js';
import { Dispatcher } from '../src/server/dispatcher.js';
import type { Handler, ServerMethod } from '../src/server/server-method.js';
import type { CallStatus } from '../src/status/call-status.js';

/** A method of the pricing contract that anybody may call. */
export const quotePrice: MethodDefinition = {
  ...PricingServiceDefinition.method.quotePrice,
  access: { scopes: [], isPublic: true, isInternal: false },
  validate: undefined,
};

/** What became of a call. */
export type Ending =
  | { readonly kind: 'succeeded'; readonly response: pricing.QuotePriceResponse }
  | { readonly kind: 'failed'; readonly status: CallStatus }
  | { readonly kind: 'lost' | 'too-large' | 'collect' };

/** A call that remembers how it ended, and complains when it ends twice. */
export class RecordedCall implements LinkCall {
  readonly method = quotePrice;
  readonly traceparent = undefined;
  readonly authorization = undefined;
  readonly metadata = undefined;
  readonly attempt = 0;
  linkId = 0;
  ending: Ending | undefined;
  ticket: Uint8Array | undefined;

  constructor(
    readonly request: unknown,
    readonly deadlineAt = Number.POSITIVE_INFINITY,
  ) {}

  succeed(response: unknown): void {
    this.end({ kind: 'succeeded', response: response as pricing.QuotePriceResponse });
  }

  fail(status: CallStatus): void {
    this.end({ kind: 'failed', status });
  }

  lost(): void {
    this.end({ kind: 'lost' });
  }

  tooLarge(): void {
    this.end({ kind: 'too-large' });
  }

  collect(ticket: Uint8Array): void {
    this.ticket = ticket;
    this.end({ kind: 'collect' });
  }

  private end(ending: Ending): void {
    if (this.ending !== undefined) throw new Error(`ended as ${this.ending.kind}, then as ${ending.kind}`);
    this.ending = ending;
  }
}

/** One direction of a connection in memory: what is written arrives in a later turn, unless the reader is stalled. */
class Pipe implements BatchSink {
  isStalled = false;
  isCut = false;
  isEnded = false;
  bytes = 0;
  readonly held: { batch: Buffer; onWritten: () => void }[] = [];
  deliver: (batch: Buffer) => void = () => undefined;
  onEnd: (reason: string) => void = () => undefined;

  constructor(private readonly time: VirtualTime) {}

  write(batch: Buffer, onWritten: () => void): void {
    if (this.isCut) return;
    this.bytes += batch.length;
    this.held.push({ batch, onWritten });
    this.time.macrotask(() => this.flow());
  }

  end(): void {
    this.isEnded = true;
    this.time.macrotask(() => this.onEnd('the other side ended'));
  }

  destroy(reason: string): void {
    this.isCut = true;
    this.time.macrotask(() => this.onEnd(reason));
  }

  flow(): void {
    while (!this.isStalled && !this.isCut) {
      const next = this.held.shift();
      if (next === undefined) return;
      this.deliver(next.batch);
      next.onWritten();
    }
  }
}

export interface PairOptions {
  readonly handler?: Handler;
  readonly callCredit?: number;
  readonly queueLimit?: number;
  readonly actors?: ActorEntrance;
  readonly concurrencyLimit?: number;
  readonly expected?: { readonly instanceId: string; readonly incarnation: string };
}

const SERVER = { service: 'pricing', instanceId: 'pricing-1', incarnation: 'first' };

/** Both ends of a link, joined in memory under a virtual clock. */
export class LinkPair {
  readonly time = new VirtualTime();
  readonly toServer = new Pipe(this.time);
  readonly toClient = new Pipe(this.time);
  readonly states: LinkState[] = [];
  readonly hiddenErrors: unknown[] = [];
  readonly tickets = new TicketOffice(this.time.clock, this.time);
  readonly dispatcher: Dispatcher;
  readonly caller: LinkCaller;
  readonly callee: LinkCallee;
  isDraining = false;

  constructor(options: PairOptions = {}) {
    const { clock } = this.time;
    this.dispatcher = new Dispatcher({
      clock,
      scheduler: this.time,
      concurrencyLimit: options.concurrencyLimit ?? 100_000,
      verifier: undefined,
      startSpan: (traceparent) => traceparent,
      onHiddenError: (error) => this.hiddenErrors.push(error),
    });
    const method: ServerMethod = { definition: quotePrice, handler: options.handler ?? (() => ({ lines: [] })) };
    this.callee = new LinkCallee({
      sink: this.toClient,
      clock,
      scheduler: this.time,
      self: SERVER,
      peer: 'memory',
      callCredit: options.callCredit ?? 1024,
      methods: new Map([[quotePrice.path, method]]),
      dispatcher: this.dispatcher,
      tickets: this.tickets,
      actors: options.actors,
      isDraining: () => this.isDraining,
      onClosed: () => undefined,
    });
    this.caller = new LinkCaller({
      sink: this.toServer,
      clock,
      scheduler: this.time,
      self: { service: 'test', instanceId: 'test-1', incarnation: 'only' },
      expected: options.expected ?? SERVER,
      queueLimit: options.queueLimit ?? 1024,
      onState: (state) => this.states.push(state),
    });
    this.toServer.deliver = (batch) => this.callee.receive(batch);
    this.toClient.deliver = (batch) => this.caller.receive(batch);
    this.toServer.onEnd = (reason) => this.callee.ended(reason);
    this.toClient.onEnd = (reason) => this.caller.ended(reason);
  }

  /** Lets everything happen that is due now. */
  settle(): Promise<void> {
    return this.time.advanceAsync(1);
  }

  /** The callee is not heard for this long; what it sent meanwhile arrives then. */
  async silence(durationMs: number): Promise<void> {
    this.toClient.isStalled = true;
    await this.time.advanceAsync(durationMs);
    this.toClient.isStalled = false;
    this.toClient.flow();
    await this.settle();
  }

  send(request: unknown = { currency: 'EUR', lines: [] }, deadlineAt?: number): RecordedCall {
    const call = new RecordedCall(request, deadlineAt);
    if (!this.caller.send(call)) throw new Error('the link did not take the call');
    return call;
  }
}
