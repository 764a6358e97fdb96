import { actors } from '@rookery/contracts/messages';
import { SlabReader, SlabWriter } from '@rookery/wire';
import type { Rejected, RejectedReason } from '../local/lifecycle-messages.js';
import { fromPid, pidIn } from './pid.mapper.js';
import type { WireCodec, WireTypes } from './wire-type.js';

/** `Rejected` as it travels: with the message that was refused, where that can be read on the way back. */
export class RejectedCodec implements WireCodec {
  private slab: SlabWriter | undefined;

  constructor(private readonly types: WireTypes) {}

  encode(message: unknown, writer: Parameters<WireCodec['encode']>[1]): unknown {
    const { message: refused, reason, target } = message as Rejected;
    const type = this.types.typeOf(refused);
    const body = type === undefined ? new Uint8Array() : this.bytesOf(type.codec, refused);
    return actors.Rejected.encode({ target: fromPid(target), reason, type: type?.name ?? '', body }, writer);
  }

  decode(reader: SlabReader, length: number): Omit<Rejected, 'type'> {
    const { body, reason, target, type } = actors.Rejected.decode(reader, length);
    const codec = this.types.named(type)?.codec;
    const message = codec === undefined ? undefined : { type, ...codec.decode(new SlabReader(body), body.length) };
    return { target: pidIn('', target), message, reason: reason as RejectedReason };
  }

  private bytesOf(codec: WireCodec, message: unknown): Uint8Array {
    this.slab ??= new SlabWriter(SLAB_BYTES);
    try {
      codec.encode(message, this.slab.asBinaryWriter());
    } catch (error) {
      this.slab.rollBack(0);
      throw error;
    }
    return this.slab.take();
  }
}

const SLAB_BYTES = 16 * 1024;
