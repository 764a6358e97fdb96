const LARGEST_DEPTH = 100;

/** The wire types of protobuf; 3 and 4 bracket a group. */
export const WireKind = { varint: 0, bits64: 1, delimited: 2, groupStart: 3, groupEnd: 4, bits32: 5 } as const;

/** Reads protobuf from a buffer without allocating. 64 bit values are left in `low` and `high`. */
export class WireReader {
  low = 0;
  high = 0;
  /** How deep the message being read is nested. */
  depth = 0;
  readonly buffer: Buffer;

  constructor(
    bytes: Uint8Array,
    public position = 0,
  ) {
    this.buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  uint32(): number {
    const first = this.byte();
    if (first < 0x80) return first;
    this.position--;
    this.varint64();
    return this.low;
  }

  /** Leaves the halves in `low` and `high`, both unsigned. */
  varint64(): void {
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.byte();
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high |= bits >> 4;
      } else high |= bits << (shift - 32);
      if (byte < 0x80) {
        this.low = low >>> 0;
        this.high = high >>> 0;
        return;
      }
    }
    throw new RangeError('a varint is longer than ten bytes');
  }

  fixed32(): number {
    return this.buffer.readUInt32LE(this.advance(4));
  }

  fixed64(): void {
    this.low = this.fixed32();
    this.high = this.fixed32();
  }

  float(): number {
    return this.buffer.readFloatLE(this.advance(4));
  }

  double(): number {
    return this.buffer.readDoubleLE(this.advance(8));
  }

  /** Reads a length and returns where what follows ends. */
  delimited(): number {
    const length = this.uint32();
    const end = this.position + length;
    if (end > this.buffer.length) throw new RangeError('a length runs past the end of the message');
    return end;
  }

  /** Steps over a field's value. For a group: to behind its end tag. */
  skip(wireKind: number): void {
    switch (wireKind) {
      case WireKind.varint:
        this.varint64();
        break;
      case WireKind.bits64:
        this.advance(8);
        break;
      case WireKind.delimited:
        this.position = this.delimited();
        break;
      case WireKind.groupStart:
        this.skipGroup();
        break;
      case WireKind.bits32:
        this.advance(4);
        break;
      default:
        throw new RangeError(`no field starts with wire type ${wireKind}`);
    }
  }

  /** One level down; refuses what is nested past 100, so that no message can exhaust the stack. */
  enter(): void {
    if (++this.depth > LARGEST_DEPTH) throw new RangeError(`the message is nested more than ${LARGEST_DEPTH} deep`);
  }

  leave(): void {
    this.depth--;
  }

  private skipGroup(): void {
    this.enter();
    for (let tag = this.uint32(); (tag & 7) !== WireKind.groupEnd; tag = this.uint32()) this.skip(tag & 7);
    this.leave();
  }

  private byte(): number {
    const value = this.buffer[this.position++];
    if (value === undefined) throw new RangeError('the message ends in the middle of a value');
    return value;
  }

  private advance(bytes: number): number {
    const start = this.position;
    this.position += bytes;
    if (this.position > this.buffer.length) throw new RangeError('the message ends in the middle of a value');
    return start;
  }
}
