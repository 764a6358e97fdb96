import type { DescMessage, Registry } from '@bufbuild/protobuf';

import { AnyDecoder } from './any-decoder.js';
import type { MessageDecoder } from './field-decoder.js';
import { PlainMessageDecoder } from './message-decoder.js';
import { wellKnownDecoder } from './well-known-decoder.js';

/** Turns descriptors into decoders, each message type once. Compilation happens at first use of a type. */
export class DecoderCompiler {
  private readonly decoders = new Map<string, MessageDecoder>();

  /** `registry` knows the types that a `google.protobuf.Any` may hold. */
  constructor(private readonly registry: Registry) {}

  decoderOf(type: DescMessage): MessageDecoder {
    const known = this.decoders.get(type.typeName);
    if (known !== undefined) return known;
    const special = this.special(type);
    if (special !== undefined) return this.remember(type, special);
    const plain = new PlainMessageDecoder();
    this.remember(type, plain);
    plain.compile(type.fields, (inner) => this.decoderOf(inner));
    return plain;
  }

  private special(type: DescMessage): MessageDecoder | undefined {
    if (type.typeName !== 'google.protobuf.Any') return wellKnownDecoder(type);
    return new AnyDecoder((name) => {
      const inner = this.registry.getMessage(name);
      return inner === undefined ? undefined : this.decoderOf(inner);
    });
  }

  private remember(type: DescMessage, decoder: MessageDecoder): MessageDecoder {
    this.decoders.set(type.typeName, decoder);
    return decoder;
  }
}
