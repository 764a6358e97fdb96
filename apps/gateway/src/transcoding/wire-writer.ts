import { TranscodingError } from './transcoding-error.js';

const INITIAL_BYTES = 64 * 1024;
const LARGEST_KEPT_BYTES = 1024 * 1024;
const SHORT_STRING = 64;
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Writes protobuf into one buffer that is used again for every message. A message inside a message is written in place
 * and its length put before it afterwards, so nothing is allocated but the result.
 */
export class WireWriter {
  private buffer = Buffer.allocUnsafeSlow(INITIAL_BYTES);
  private position = 0;

  /** Forgets what was written; also after an error in the middle of a message. */
  reset(): void {
    this.position = 0;
    if (this.buffer.length > LARGEST_KEPT_BYTES) this.buffer = Buffer.allocUnsafeSlow(INITIAL_BYTES);
  }

  /** A copy of what was written since `reset`. */
  finish(): Uint8Array {
    return Uint8Array.prototype.slice.call(this.buffer, 0, this.position);
  }

  uint32(value: number): void {
    this.reserve(5);
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.buffer[this.position++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.buffer[this.position++] = rest;
  }

  int32(value: number): void {
    if (value >= 0) this.uint32(value);
    else this.varint64(value | 0, -1);
  }

  sint32(value: number): void {
    this.uint32((value << 1) ^ (value >> 31));
  }

  /** A 64 bit varint from its two halves. */
  varint64(low: number, high: number): void {
    this.reserve(10);
    let lower = low >>> 0;
    let upper = high >>> 0;
    while (upper > 0 || lower > 0x7f) {
      this.buffer[this.position++] = (lower & 0x7f) | 0x80;
      lower = ((lower >>> 7) | (upper << 25)) >>> 0;
      upper >>>= 7;
    }
    this.buffer[this.position++] = lower;
  }

  fixed32(value: number): void {
    this.reserve(4);
    this.position = this.buffer.writeUInt32LE(value >>> 0, this.position);
  }

  fixed64(low: number, high: number): void {
    this.fixed32(low);
    this.fixed32(high);
  }

  float(value: number): void {
    this.reserve(4);
    this.position = this.buffer.writeFloatLE(value, this.position);
  }

  double(value: number): void {
    this.reserve(8);
    this.position = this.buffer.writeDoubleLE(value, this.position);
  }

  bytes(value: Uint8Array): void {
    this.uint32(value.length);
    this.reserve(value.length);
    this.buffer.set(value, this.position);
    this.position += value.length;
  }

  /** UTF-8 with its length before it. Half of a surrogate pair has no UTF-8 and is refused. */
  string(value: string): void {
    if (value.length < SHORT_STRING && this.shortAscii(value)) return;
    if (LONE_SURROGATE.test(value))
      throw new TranscodingError('expected well-formed Unicode, got half of a surrogate pair');
    const length = Buffer.byteLength(value);
    this.uint32(length);
    this.reserve(length);
    this.position += this.buffer.write(value, this.position, 'utf8');
  }

  /** Starts something that carries its length in front; hand the result to `close`. */
  open(): number {
    this.reserve(1);
    return this.position++;
  }

  close(start: number): void {
    const length = this.position - start - 1;
    if (length < 0x80) {
      this.buffer[start] = length;
      return;
    }
    // One byte was left for the length; a longer one pushes the content on.
    const extra = length < 0x4000 ? 1 : length < 0x200000 ? 2 : length < 0x10000000 ? 3 : 4;
    this.reserve(extra);
    this.buffer.copyWithin(start + 1 + extra, start + 1, this.position);
    const end = this.position + extra;
    this.position = start;
    this.uint32(length);
    this.position = end;
  }

  /** Writes a short string that is all ASCII in one pass; undoes it and says no otherwise. */
  private shortAscii(value: string): boolean {
    const length = value.length;
    this.reserve(length + 1);
    const start = this.position;
    this.buffer[this.position++] = length;
    for (let index = 0; index < length; index++) {
      const unit = value.charCodeAt(index);
      if (unit > 0x7f) {
        this.position = start;
        return false;
      }
      this.buffer[this.position++] = unit;
    }
    return true;
  }

  private reserve(bytes: number): void {
    if (this.position + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.buffer.length * 2, this.position + bytes));
    this.buffer.copy(larger, 0, 0, this.position);
    this.buffer = larger;
  }
}
