import type { DescField, DescMethod } from '@bufbuild/protobuf';
import { type BinaryReader, BinaryWriter } from '@bufbuild/protobuf/wire';
import { MethodOptions_IdempotencyLevel } from '@bufbuild/protobuf/wkt';
import type { MessageCodec, MethodDefinition } from '@rookery/contracts/nest';

import type { Contract } from '../contracts/contract.js';
import type { MessageDecoder } from '../transcoding/field-decoder.js';
import { PlainMessageDecoder } from '../transcoding/message-decoder.js';
import { WireReader } from '../transcoding/wire-reader.js';
import type { Access } from './method-options.js';
import { type KeyReader, keyReader } from './routing-key.js';

/** A provider's method as the gateway calls it: bytes that are encoded already, out comes JSON text. */
export interface ProviderMethod extends MethodDefinition<Uint8Array, string> {
  /** Undefined when any instance may answer. */
  readonly keyOf: KeyReader | undefined;
}

export function providerMethod(
  method: DescMethod,
  access: Access,
  contract: Contract,
  responseField: DescField | undefined,
): ProviderMethod {
  return {
    name: method.name,
    property: method.localName,
    path: `/${method.parent.typeName}/${method.name}`,
    requestStream: method.methodKind === 'client_streaming' || method.methodKind === 'bidi_streaming',
    responseStream: method.methodKind === 'server_streaming' || method.methodKind === 'bidi_streaming',
    idempotency: IDEMPOTENCY[method.idempotency],
    access,
    // A path of properties, which encoded bytes have none of.
    routingKey: undefined,
    keyOf: keyReader(method, contract),
    request: encodedAlready,
    response: jsonText(
      responseField === undefined ? contract.decoders.decoderOf(method.output) : only(responseField, contract),
    ),
    // The provider validates; the gateway would only do it twice.
    validate: undefined,
  };
}

const IDEMPOTENCY: Record<MethodOptions_IdempotencyLevel, ProviderMethod['idempotency']> = {
  [MethodOptions_IdempotencyLevel.IDEMPOTENCY_UNKNOWN]: 'unknown',
  [MethodOptions_IdempotencyLevel.IDEMPOTENT]: 'idempotent',
  [MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS]: 'no-side-effects',
};

const encodedAlready: MessageCodec<Uint8Array> = {
  encode: (bytes, writer = new BinaryWriter()) => writer.raw(bytes),
  decode: (input, length) => {
    const { buffer, position, end } = rangeOf(input, length);
    return buffer.slice(position, end);
  },
};

function jsonText(decoder: MessageDecoder): MessageCodec<string> {
  return {
    encode: () => {
      throw new TypeError('the gateway only reads responses');
    },
    decode: (input, length) => {
      const { buffer, position, end } = rangeOf(input, length);
      return decoder.read(new WireReader(buffer, position), end);
    },
  };
}

interface Range {
  readonly buffer: Uint8Array;
  readonly position: number;
  readonly end: number;
}

/** Where a message stands; a reader is moved behind it, as generated code does. */
function rangeOf(input: BinaryReader | Uint8Array, length: number | undefined): Range {
  if (input instanceof Uint8Array) return { buffer: input, position: 0, end: length ?? input.length };
  // The bytes of a reader are protected, yet the only way to them without a copy.
  const { buf } = input as unknown as { readonly buf: Uint8Array };
  const position = input.pos;
  const end = length === undefined ? input.len : position + length;
  input.pos = end;
  return { buffer: buf, position, end };
}

/** Sends one field of the response as the whole body; `null` when it is not there. */
function only(field: DescField, contract: Contract): MessageDecoder {
  const decoder = new PlainMessageDecoder();
  decoder.compile([field], (type) => contract.decoders.decoderOf(type));
  const prefix = JSON.stringify(field.jsonName).length + 2;
  return {
    read(reader, end) {
      const text = decoder.read(reader, end);
      return text === '{}' ? 'null' : text.slice(prefix, -1);
    },
  };
}
