import type { FieldViolation } from '@rookery/runtime';

/** Turns one message type into bytes and back. Every generated message is one. */
export interface GrainCodec {
  encode(message: unknown): { finish(): Uint8Array };
  /** Throws on bytes that are no such message. */
  decode(bytes: Uint8Array): unknown;
}

export interface GrainMethod {
  /** As in the contract, and on the wire: `GetTotal`. */
  readonly name: string;
  /** The method of the client and of the grain's class: `getTotal`. */
  readonly property: string;
  /** Whether it may be repeated when it is unknown what became of it. */
  readonly idempotency: 'unknown' | 'idempotent' | 'no-side-effects';
  readonly request: GrainCodec;
  readonly response: GrainCodec;
  /** Undefined when the contract states no rule about the request. */
  readonly validate: { validate(request: unknown): readonly FieldViolation[] }['validate'] | undefined;
}

/** What a grain can be called for. The generated definition of a service is one. */
export interface GrainContract {
  /** The kind: the full name of the service. */
  readonly name: string;
  readonly methods: readonly GrainMethod[];
}

/** The generated class of a grain's typed client. */
export interface GrainClientClass<Client> {
  readonly definition: GrainContract;
  readonly prototype: Client;
}
