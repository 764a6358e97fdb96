import { TranscodingError, mismatch, quoted } from './transcoding-error.js';

const TWO_POW_32 = 4294967296;
const DECIMAL = /^-?\d+$/;
const SAFE_DIGITS = 15;
const LONGEST_DIGITS = 20;

/** Parses a JSON number or decimal string as a 64 bit integer: a number where that is exact, else a bigint. */
export function parseInteger64(value: unknown, isSigned: boolean): number | bigint {
  const parsed = typeof value === 'string' ? parseDecimal(value) : fromNumber(value);
  if (isSigned ? isOutsideSigned(parsed) : isOutsideUnsigned(parsed)) throw outside(String(value));
  return parsed;
}

function isOutsideSigned(value: number | bigint): boolean {
  return typeof value === 'bigint' && BigInt.asIntN(64, value) !== value;
}

function isOutsideUnsigned(value: number | bigint): boolean {
  return value < 0 || (typeof value === 'bigint' && BigInt.asUintN(64, value) !== value);
}

function outside(text: string): TranscodingError {
  return new TranscodingError(`${text} is outside the range of the field`);
}

function fromNumber(value: unknown): number {
  if (typeof value !== 'number') throw mismatch('an integer (a number or a decimal string)', value);
  if (!Number.isInteger(value)) throw new TranscodingError(`expected an integer, got ${value}`);
  if (!Number.isSafeInteger(value)) {
    throw new TranscodingError('an integer past 2^53 loses digits as a JSON number; write it as a string');
  }
  return value;
}

function parseDecimal(text: string): number | bigint {
  if (!DECIMAL.test(text)) throw new TranscodingError(`expected a decimal integer, got ${quoted(text)}`);
  // Checked before BigInt, whose cost grows with the square of the digits.
  if (text.length > LONGEST_DIGITS) throw outside(`a number of ${text.length} digits`);
  return text.length <= SAFE_DIGITS ? Number(text) : BigInt(text);
}

/** The lower 32 bits of the two's complement, unsigned. */
export function lowHalf(value: number | bigint): number {
  if (typeof value === 'bigint') return Number(BigInt.asUintN(32, value));
  return value >>> 0 === value ? value : value - Math.floor(value / TWO_POW_32) * TWO_POW_32;
}

/** The upper 32 bits of the two's complement, unsigned. */
export function highHalf(value: number | bigint): number {
  if (typeof value === 'bigint') return Number(BigInt.asUintN(32, value >> 32n));
  return Math.floor(value / TWO_POW_32) >>> 0;
}

/** Decimal text of a signed value from its halves. */
export function signedText(low: number, high: number): string {
  if (high === 0) return String(low);
  const upper = high | 0;
  // Up to 53 bits a double is exact.
  if (upper >= -0x200000 && upper < 0x200000) return String(upper * TWO_POW_32 + low);
  return String((BigInt(upper) << 32n) | BigInt(low));
}

/** Decimal text of an unsigned value from its halves. */
export function unsignedText(low: number, high: number): string {
  if (high < 0x200000) return String(high * TWO_POW_32 + low);
  return String((BigInt(high) << 32n) | BigInt(low));
}
