import type { BinaryReader, BinaryWriter } from '@bufbuild/protobuf/wire';

/** Turns one message type into bytes and back. Every generated message is one. */
export interface MessageCodec<T> {
  encode(message: T, writer?: BinaryWriter): BinaryWriter;
  /** Throws on bytes that are no such message, and RangeError on a 64-bit number beyond ±(2^53 − 1). */
  decode(input: BinaryReader | Uint8Array, length?: number): T;
}

/** What is wrong with one field of a request. */
export interface FieldViolation {
  /** Its path in JSON names, such as `lines[2].quantity` or `labels["zone"]`. */
  readonly field: string;
  readonly description: string;
}

/** Reads a whole request; an empty answer means that it keeps to all its rules. */
export type RequestValidator<Req> = { validate(request: Req): readonly FieldViolation[] }['validate'];

/** Who may call: exactly one of the three says something. */
export interface MethodAccess {
  /** The caller's token must hold each of these. */
  readonly scopes: readonly string[];
  /** Anybody, with or without a token. */
  readonly isPublic: boolean;
  /** Processes of this system, without a token; never offered to the outside. */
  readonly isInternal: boolean;
}

/** All that the platform knows of a method, from its contract. */
export interface MethodDefinition<Req = unknown, Res = unknown> {
  /** As in the contract: `QuotePrice`. */
  readonly name: string;
  /** The method of the client class and of the controller: `quotePrice`. */
  readonly property: string;
  /** As on the wire: `/rookery.pricing.v1.PricingService/QuotePrice`. */
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  readonly idempotency: 'unknown' | 'idempotent' | 'no-side-effects';
  readonly access: MethodAccess;
  /** The property path of the request field that picks the owner, such as `sku` or `order.id`. */
  readonly routingKey: string | undefined;
  readonly request: MessageCodec<Req>;
  readonly response: MessageCodec<Res>;
  /** Undefined when the contract states no rule about the request. */
  readonly validate: RequestValidator<Req> | undefined;
}

export interface ServiceDefinition {
  /** As on the wire: `rookery.pricing.v1.PricingService`. */
  readonly name: string;
  /** As in the registry: `pricing`. */
  readonly service: string;
  /** True when the service is the protocol of a grain, whose kind is `name`. */
  readonly isGrain: boolean;
  /** In the contract's order. */
  readonly methods: readonly MethodDefinition[];
}

/** What a caller may say about one call. */
export interface CallOptions {
  /** From now; the inherited deadline holds when it is nearer. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Binary values go under keys that end in `-bin`. */
  readonly metadata?: Readonly<Record<string, string | Uint8Array>>;
  /** The bearer token to call with, instead of the one that the call being served came with. */
  readonly token?: string;
  /** Overrides the contract for this one call: true allows another attempt when the outcome is unknown. */
  readonly isIdempotent?: boolean;
}

/** What a caller may say about one message to a grain. */
export interface GrainCallOptions {
  /** How long to wait for the answer, from now. */
  readonly timeoutMs?: number;
  /** Travel beside the request, such as the context of a trace. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The second argument of a controller's methods. */
export interface CallContext {
  readonly metadata: ReadonlyMap<string, string | Uint8Array>;
  /** Aborts when the caller is gone or the deadline has passed. */
  readonly signal: AbortSignal;
  /** Monotonic milliseconds; undefined means that the caller waits for ever. */
  readonly deadlineAt: number | undefined;
  /** Who calls, as proven by a verified token. */
  readonly principal: { readonly subject: string; readonly scopes: ReadonlySet<string> } | undefined;
  /** The address of whoever is connected. */
  readonly peer: string;
  /** Sent with the first response; later calls have no effect. */
  setHeader(key: string, value: string | Uint8Array): void;
  /** Sent with the status. */
  setTrailer(key: string, value: string | Uint8Array): void;
}
