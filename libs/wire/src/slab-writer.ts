import { BinaryWriter } from '@bufbuild/protobuf/wire';

import { signed, UnfitNumberError, unsigned } from './exact-integers.js';

const SLAB_BYTES = 1 << 20;
const LARGEST_ASCII_LOOP = 42; // 3 bytes per UTF-16 unit at most, so the length still fits one varint byte

/**
 * A protobuf writer over one large reused slab: no allocation per message, nested messages in place. It stands in for the
 * `BinaryWriter` that generated `encode` functions take. What was written since the last `take` is a contiguous run;
 * positions that it hands out are relative to the start of that run and survive growth.
 *
 * Idea and gain: the writer, not the generated code, is what costs when messages are small.
 */
export class SlabWriter {
  private slab: Buffer;
  private start = 0;
  private end = 0;
  private readonly forks: number[] = [];

  constructor(private readonly slabBytes: number = SLAB_BYTES) {
    this.slab = Buffer.allocUnsafeSlow(slabBytes);
  }

  /** Generated code asks for the class; only its writing methods are used. */
  asBinaryWriter(): BinaryWriter {
    return this as unknown as BinaryWriter;
  }

  /** Bytes written since the last `take`. */
  get length(): number {
    return this.end - this.start;
  }

  /** Hands out what was written and starts a new run. The bytes are never written to again. */
  take(): Buffer {
    const run = this.slab.subarray(this.start, this.end);
    // One large message makes the slab grow; it does not stay so.
    if (this.slab.length - this.end < this.slabBytes >> 2 || this.slab.length > this.slabBytes) {
      this.slab = Buffer.allocUnsafeSlow(this.slabBytes);
      this.end = 0;
    }
    this.start = this.end;
    return run;
  }

  /** Forgets what was written after `mark`, a former `length`, and any message left open there. */
  rollBack(mark: number): void {
    this.end = this.start + mark;
    this.forks.length = 0;
  }

  /** A copy of what was written after `mark`. */
  copyFrom(mark: number): Buffer {
    return Buffer.from(this.slab.subarray(this.start + mark, this.end));
  }

  /** Leaves room for a length of three bytes; `closeLength` fills it in. */
  openLength(): number {
    this.ensure(3);
    this.end += 3;
    return this.length;
  }

  /** Writes the bytes since `mark` as a varint padded to three bytes, which every protobuf reader accepts. */
  closeLength(mark: number): void {
    const size = this.length - mark;
    const at = this.start + mark - 3;
    this.slab[at] = (size & 0x7f) | 0x80;
    this.slab[at + 1] = ((size >>> 7) & 0x7f) | 0x80;
    this.slab[at + 2] = (size >>> 14) & 0x7f;
  }

  byte(value: number): void {
    this.ensure(1);
    this.slab[this.end++] = value;
  }

  uint32(value: number): this {
    this.ensure(5);
    let rest = value >>> 0;
    if (rest !== value) throw new UnfitNumberError(value, 'uint32');
    while (rest > 0x7f) {
      this.slab[this.end++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.slab[this.end++] = rest;
    return this;
  }

  int32(value: number): this {
    if ((value | 0) !== value) throw new UnfitNumberError(value, 'int32');
    return value >= 0 ? this.uint32(value) : this.int64(value);
  }

  sint32(value: number): this {
    if ((value | 0) !== value) throw new UnfitNumberError(value, 'sint32');
    return this.uint32(((value << 1) ^ (value >> 31)) >>> 0);
  }

  bool(value: boolean): this {
    this.byte(value ? 1 : 0);
    return this;
  }

  bytes(value: Uint8Array): this {
    this.uint32(value.length);
    return this.raw(value);
  }

  raw(value: Uint8Array): this {
    this.ensure(value.length);
    this.slab.set(value, this.end);
    this.end += value.length;
    return this;
  }

  string(value: string): this {
    if (value.length > LARGEST_ASCII_LOOP || !this.tryAscii(value)) this.utf8(value);
    return this;
  }

  float(value: number): this {
    this.ensure(4);
    this.end = this.slab.writeFloatLE(value, this.end);
    return this;
  }

  double(value: number): this {
    this.ensure(8);
    this.end = this.slab.writeDoubleLE(value, this.end);
    return this;
  }

  fixed32(value: number): this {
    if (value >>> 0 !== value) throw new UnfitNumberError(value, 'fixed32');
    this.ensure(4);
    this.end = this.slab.writeUInt32LE(value, this.end);
    return this;
  }

  sfixed32(value: number): this {
    if ((value | 0) !== value) throw new UnfitNumberError(value, 'sfixed32');
    this.ensure(4);
    this.end = this.slab.writeInt32LE(value, this.end);
    return this;
  }

  fixed64(value: string | number | bigint): this {
    const wide = unsigned(value, 'fixed64');
    this.ensure(8);
    this.end = this.slab.writeBigUInt64LE(wide, this.end);
    return this;
  }

  sfixed64(value: string | number | bigint): this {
    const wide = signed(value, 'sfixed64');
    this.ensure(8);
    this.end = this.slab.writeBigInt64LE(wide, this.end);
    return this;
  }

  uint64(value: string | number | bigint): this {
    if (typeof value === 'number' && value >= 0 && Number.isSafeInteger(value)) return this.safeVarint(value);
    return this.bigVarint(unsigned(value, 'uint64'));
  }

  int64(value: string | number | bigint): this {
    if (typeof value === 'number' && value >= 0 && Number.isSafeInteger(value)) return this.safeVarint(value);
    return this.bigVarint(BigInt.asUintN(64, signed(value, 'int64')));
  }

  sint64(value: string | number | bigint): this {
    const wide = signed(value, 'sint64');
    return this.bigVarint(BigInt.asUintN(64, (wide << 1n) ^ (wide >> 63n)));
  }

  tag(fieldNo: number, type: number): this {
    return this.uint32(((fieldNo << 3) | type) >>> 0);
  }

  /** Opens a nested message; one byte is kept for its length. */
  fork(): this {
    this.ensure(1);
    this.end += 1;
    this.forks.push(this.length);
    return this;
  }

  /** Closes the nested message; one of 128 bytes or more is moved to make room for a longer length. */
  join(): this {
    const mark = this.forks.pop();
    if (mark === undefined) throw new Error('join without fork');
    const size = this.length - mark;
    const at = this.start + mark;
    if (size < 0x80) {
      this.slab[at - 1] = size;
      return this;
    }
    const extra = size < 0x4000 ? 1 : size < 0x200000 ? 2 : size < 0x10000000 ? 3 : 4;
    this.ensure(extra);
    const from = this.start + mark;
    this.slab.copyWithin(from + extra, from, this.end);
    this.end += extra;
    this.putVarint(from - 1, size);
    return this;
  }

  private putVarint(at: number, value: number): void {
    let rest = value;
    let index = at;
    while (rest > 0x7f) {
      this.slab[index++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.slab[index] = rest;
  }

  private safeVarint(value: number): this {
    this.ensure(10);
    let rest = value;
    while (rest >= 0x80000000) {
      this.slab[this.end++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    return this.uint32(rest);
  }

  private bigVarint(value: bigint): this {
    this.ensure(10);
    let rest = value;
    while (rest > 0x7fn) {
      this.slab[this.end++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.slab[this.end++] = Number(rest);
    return this;
  }

  private tryAscii(value: string): boolean {
    const size = value.length;
    this.ensure(1 + size);
    const slab = this.slab;
    let at = this.end + 1;
    for (let index = 0; index < size; index++) {
      const unit = value.charCodeAt(index);
      if (unit > 0x7f) return false;
      slab[at++] = unit;
    }
    slab[this.end] = size;
    this.end = at;
    return true;
  }

  private utf8(value: string): void {
    const largest = value.length * 3;
    this.ensure(5 + largest);
    const guess = largest < 0x80 ? 1 : largest < 0x4000 ? 2 : largest < 0x200000 ? 3 : 5;
    const from = this.end + guess;
    const size = this.slab.write(value, from, largest, 'utf8');
    this.uint32(size);
    if (this.end !== from) this.slab.copyWithin(this.end, from, from + size);
    this.end += size;
  }

  private ensure(size: number): void {
    if (this.end + size <= this.slab.length) return;
    const used = this.length;
    const next = Buffer.allocUnsafeSlow(Math.max(this.slabBytes, 2 * (used + size)));
    this.slab.copy(next, 0, this.start, this.end);
    this.slab = next;
    this.start = 0;
    this.end = used;
  }
}
