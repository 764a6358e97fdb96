import type { WireReader } from './wire-reader.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SHORT_STRING = 48;
/** Up to here V8 joins characters to a string of their own, beyond to a chain of pieces. */
const SPELT_OUT = 11;

/**
 * Reads a length-delimited string as JSON text. Plain ASCII, the common case, is found by looking at the bytes and needs
 * neither decoding nor escaping.
 */
export function readQuoted(reader: WireReader): string {
  const end = reader.delimited();
  const start = reader.position;
  reader.position = end;
  const { buffer } = reader;
  if (!isPlain(buffer, start, end)) return JSON.stringify(buffer.toString('utf8', start, end));
  if (end - start > SPELT_OUT) return `"${buffer.toString('latin1', start, end)}"`;
  let text = '"';
  for (let index = start; index < end; index++) text += String.fromCharCode(buffer[index] ?? 0);
  return `${text}"`;
}

function isPlain(buffer: Buffer, start: number, end: number): boolean {
  if (end - start > SHORT_STRING) return false;
  for (let index = start; index < end; index++) {
    const byte = buffer[index] ?? 0;
    if (byte < 0x20 || byte > 0x7e || byte === QUOTE || byte === BACKSLASH) return false;
  }
  return true;
}

/** A number as protobuf's JSON has it: what JSON cannot say is a string, and minus zero keeps its sign. */
export function numberText(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value);
  return `"${value}"`;
}
