import type { actors } from '@rookery/contracts/messages';
import { DomainError } from '@rookery/runtime';
import { SlabReader, SlabWriter } from '@rookery/wire';
import type { WireTypes } from '../remote/wire-type.js';

const SLAB_BYTES = 16 * 1024;

/** Puts messages of users into those of topics, which know nothing of them. */
export class TopicCodec {
  private readonly slab = new SlabWriter(SLAB_BYTES);

  constructor(private readonly types: WireTypes) {}

  /** Throws MESSAGE_NOT_ENCODABLE for a message whose type was not added, and what its codec throws. */
  write(message: unknown): actors.TopicMessage {
    const type = this.types.typeOf(message);
    if (type === undefined) {
      const words = 'a message whose type has no codec cannot be published';
      throw new DomainError('MESSAGE_NOT_ENCODABLE', words, { kind: 'invalid-argument' });
    }
    try {
      type.codec.encode(message, this.slab.asBinaryWriter());
    } catch (error) {
      this.slab.rollBack(0);
      throw error;
    }
    return { type: type.name, body: this.slab.take() };
  }

  /** Undefined when this process does not know the type, or cannot read it. */
  read({ body, type }: actors.TopicMessage): unknown {
    const codec = this.types.named(type)?.codec;
    if (codec === undefined) return undefined;
    try {
      return { type, ...codec.decode(new SlabReader(body), body.length) };
    } catch {
      return undefined;
    }
  }
}
