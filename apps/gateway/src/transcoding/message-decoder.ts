import type { DescField } from '@bufbuild/protobuf';

import { type FieldDecoder, type MessageDecoder, type MessageDecoders, fieldDecoder } from './field-decoder.js';
import { WireKind, WireReader } from './wire-reader.js';

interface Field {
  readonly number: number;
  readonly decoder: FieldDecoder;
  /** `"name":` with the bracket that opens the value, and how it closes. */
  readonly open: string;
  readonly close: string;
  /** The whole member when the field was not sent; undefined leaves it out. */
  readonly absent: string | undefined;
  /** Positions of the other members of the oneof: the last one sent wins. */
  readonly rivals: readonly number[];
}

/** Makes JSON text of an ordinary message: every field without presence is there, also when it is zero. */
export class PlainMessageDecoder implements MessageDecoder {
  private readonly fields: Field[] = [];
  private readonly positions = new Map<number, number>();

  /** Completes the decoder. Apart from the constructor because messages may contain themselves. */
  compile(fields: readonly DescField[], messages: MessageDecoders): void {
    const numbers = fields.map((field) => field.number);
    for (const desc of fields) {
      const decoder = fieldDecoder(desc, messages);
      const name = `${JSON.stringify(desc.jsonName)}:`;
      const rivals = (desc.oneof?.fields ?? [])
        .filter((other) => other !== desc)
        .map((other) => numbers.indexOf(other.number));
      this.positions.set(desc.number, this.fields.length);
      this.fields.push({
        number: desc.number,
        decoder,
        open: name + decoder.open,
        close: decoder.close,
        absent: decoder.absent === undefined ? undefined : name + decoder.absent,
        rivals,
      });
    }
  }

  read(reader: WireReader, end: number): string {
    const start = reader.position;
    const texts: (string | undefined)[] = new Array<string | undefined>(this.fields.length);
    let position = 0;
    while (reader.position < end) {
      const tag = reader.uint32();
      if ((tag & 7) === WireKind.groupEnd) break;
      const found = this.positionOf(tag >>> 3, position);
      if (found === undefined) reader.skip(tag & 7);
      else this.readField((position = found), tag & 7, reader, start, texts);
    }
    return this.join(texts);
  }

  /** Writers send fields in their order: most often it is the one that was read last, or the next. */
  private positionOf(number: number, last: number): number | undefined {
    if (this.fields[last]?.number === number) return last;
    if (this.fields[last + 1]?.number === number) return last + 1;
    return this.positions.get(number);
  }

  private readField(
    position: number,
    wireKind: number,
    reader: WireReader,
    start: number,
    texts: (string | undefined)[],
  ): void {
    const field = this.fields[position] as Field;
    const before = texts[position];
    const text = field.decoder.read(reader, wireKind, before);
    if (text === undefined) {
      reader.skip(wireKind);
      return;
    }
    for (const rival of field.rivals) texts[rival] = undefined;
    const { message } = field.decoder;
    texts[position] =
      before === undefined || message === undefined ? text : merged(field.number, message, reader, start);
  }

  private join(texts: readonly (string | undefined)[]): string {
    let joined = '{';
    for (let position = 0; position < texts.length; position++) {
      joined = withMember(joined, this.fields[position] as Field, texts[position]);
    }
    return `${joined}}`;
  }
}

function withMember(joined: string, field: Field, text: string | undefined): string {
  const member = text === undefined ? field.absent : field.open + text + field.close;
  if (member === undefined) return joined;
  return joined.length === 1 ? joined + member : `${joined},${member}`;
}

/**
 * A singular message that was sent in parts is the merge of the parts, and the merge of two messages is the message of
 * their bytes one after the other.
 */
function merged(number: number, message: MessageDecoder, reader: WireReader, start: number): string {
  const parts: Uint8Array[] = [];
  const scan = new WireReader(reader.buffer, start);
  while (scan.position < reader.position) {
    const tag = scan.uint32();
    if (tag !== ((number << 3) | WireKind.delimited) >>> 0) {
      scan.skip(tag & 7);
      continue;
    }
    const end = scan.delimited();
    parts.push(scan.buffer.subarray(scan.position, end));
    scan.position = end;
  }
  const whole = Buffer.concat(parts);
  const inner = new WireReader(whole);
  inner.depth = reader.depth;
  return message.read(inner, whole.length);
}
