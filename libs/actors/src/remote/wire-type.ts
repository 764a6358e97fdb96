import type { SlabReader, SlabWriter } from '@rookery/wire';

/** Turns one type of message into bytes and back. The codecs that `npm run generate` writes are such. */
export interface WireCodec {
  encode(message: unknown, writer: ReturnType<SlabWriter['asBinaryWriter']>): unknown;
  /** Throws on bytes that are no such message. The message is new, and `type` is added to it. */
  decode(reader: SlabReader, length: number): object;
}

export interface WireType {
  /** In the order in which they were added. */
  readonly number: number;
  readonly name: string;
  readonly codec: WireCodec;
}

/** Finds the codec of a message. */
export interface WireTypes {
  named(name: string): WireType | undefined;
  typeOf(message: unknown): WireType | undefined;
}
