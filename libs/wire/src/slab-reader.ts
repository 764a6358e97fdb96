import { BinaryReader } from '@bufbuild/protobuf/wire';

const SHORT = 24;

/** What Node's buffers have and its types leave out: the way to a string without the checks of `toString`. */
type NativeBuffer = Buffer & { utf8Slice(from: number, to: number): string };

/**
 * A protobuf reader that generated `decode` functions take for their own: short strings by a loop, long ones natively,
 * varints without helper objects, 64-bit integers straight to a number where they are safe.
 */
export class SlabReader extends BinaryReader {
  /** Generated code counts here how deep it is; declared, so that the object keeps its shape. */
  __tsProtoDecodeDepth = 0;
  private readonly source: NativeBuffer;

  constructor(source: Uint8Array) {
    super(source);
    const { buffer, byteOffset, byteLength } = source;
    this.source = (Buffer.isBuffer(source) ? source : Buffer.from(buffer, byteOffset, byteLength)) as NativeBuffer;
    // The base class sets it for each object: a method alone would be hidden.
    this.uint32 = readVarint;
  }

  override int32(): number {
    return this.varint() | 0;
  }

  override sint32(): number {
    const value = this.varint();
    return (value >>> 1) ^ -(value & 1);
  }

  override bool(): boolean {
    return this.varint() !== 0;
  }

  override bytes(): Uint8Array {
    const size = this.varint();
    const from = this.pos;
    this.claim(size);
    return this.source.subarray(from, from + size);
  }

  override string(): string {
    const size = this.varint();
    const from = this.pos;
    this.claim(size);
    return this.text(from, size);
  }

  /** Safe integers come as numbers; generated code turns what it gets into a number and checks its range. */
  override int64(): bigint | string {
    return this.wideVarint(true);
  }

  override uint64(): bigint | string {
    return this.wideVarint(false);
  }

  override double(): number {
    const from = this.pos;
    this.claim(8);
    return this.source.readDoubleLE(from);
  }

  override float(): number {
    const from = this.pos;
    this.claim(4);
    return this.source.readFloatLE(from);
  }

  /** Reads UTF-8 text without a length in front. */
  text(from: number, size: number): string {
    if (size > SHORT) return this.source.utf8Slice(from, from + size);
    let value = '';
    for (let index = from; index < from + size; index++) {
      const unit = this.source[index] ?? 0;
      if (unit > 0x7f) return this.source.utf8Slice(from, from + size);
      value += String.fromCharCode(unit);
    }
    return value;
  }

  /** An unsigned varint of at most 32 bits; longer ones lose their upper bits, as the format demands. */
  varint(): number {
    const first = this.source[this.pos];
    if (first === undefined) throw new RangeError('truncated message');
    if (first < 0x80) {
      this.pos++;
      return first;
    }
    return this.longVarint();
  }

  private longVarint(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const unit = this.source[this.pos++];
      if (unit === undefined) throw new RangeError('truncated message');
      if (shift < 32) value |= (unit & 0x7f) << shift;
      if (unit < 0x80) return value >>> 0;
    }
    throw new RangeError('invalid varint');
  }

  private wideVarint(isSigned: boolean): bigint | string {
    let value = 0;
    let scale = 1;
    const from = this.pos;
    for (let size = 0; size < 7; size++) {
      const unit = this.source[this.pos++];
      if (unit === undefined) throw new RangeError('truncated message');
      value += (unit & 0x7f) * scale;
      scale *= 0x80;
      // A number where the type says bigint: callers only turn it into a number again.
      if (unit < 0x80) return value as unknown as bigint;
    }
    this.pos = from;
    return isSigned ? super.int64() : super.uint64();
  }

  private claim(size: number): void {
    this.pos += size;
    if (this.pos > this.len) throw new RangeError('truncated message');
  }
}

/** One function for all readers, so that V8 can inline it. */
function readVarint(this: BinaryReader): number {
  return (this as SlabReader).varint();
}
