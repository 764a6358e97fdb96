import type { DescMessage, Registry } from '@bufbuild/protobuf';

import { AnyEncoder } from './any-encoder.js';
import type { MessageEncoder } from './field-encoder.js';
import { PlainMessageEncoder } from './message-encoder.js';
import { wellKnownEncoder } from './well-known-encoder.js';

/** Turns descriptors into encoders, each message type once. Compilation happens at first use of a type. */
export class EncoderCompiler {
  private readonly encoders = new Map<string, MessageEncoder>();

  /** `registry` knows the types that a `google.protobuf.Any` may hold. */
  constructor(private readonly registry: Registry) {}

  encoderOf(type: DescMessage): MessageEncoder {
    const known = this.encoders.get(type.typeName);
    if (known !== undefined) return known;
    const special = this.special(type);
    if (special !== undefined) return this.remember(type, special);
    const plain = new PlainMessageEncoder(type);
    this.remember(type, plain);
    plain.compile(type, (inner) => this.encoderOf(inner));
    return plain;
  }

  private special(type: DescMessage): MessageEncoder | undefined {
    if (type.typeName !== 'google.protobuf.Any') return wellKnownEncoder(type);
    return new AnyEncoder((name) => {
      const inner = this.registry.getMessage(name);
      return inner === undefined ? undefined : this.encoderOf(inner);
    });
  }

  private remember(type: DescMessage, encoder: MessageEncoder): MessageEncoder {
    this.encoders.set(type.typeName, encoder);
    return encoder;
  }
}
