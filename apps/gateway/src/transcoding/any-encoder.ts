import type { MessageEncoder } from './field-encoder.js';
import { refuseDepth } from './nesting.js';
import { TranscodingError, inside, mismatch, quoted } from './transcoding-error.js';
import { hasOwnJsonForm } from './well-known-types.js';
import type { WireWriter } from './wire-writer.js';

const TYPE_URL_TAG = 0x0a;
const VALUE_TAG = 0x12;

/** `{"@type": "type.googleapis.com/a.B", …fields}`; a type with a JSON form of its own stands under `value`. */
export class AnyEncoder implements MessageEncoder {
  constructor(private readonly encoderOf: (typeName: string) => MessageEncoder | undefined) {}

  write(value: unknown, writer: WireWriter, depth: number): void {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw mismatch('an object', value);
    refuseDepth(depth);
    const { '@type': url, ...fields } = value as Record<string, unknown>;
    if (url === undefined && Object.keys(fields).length === 0) return;
    const typeName = typeNameOf(url);
    const encoder = this.encoderOf(typeName);
    if (encoder === undefined)
      throw new TranscodingError(`the contract does not know the type ${quoted(typeName)}`, '@type');
    writer.uint32(TYPE_URL_TAG);
    writer.string(url as string);
    writer.uint32(VALUE_TAG);
    const start = writer.open();
    if (hasOwnJsonForm(typeName)) writeOwnForm(encoder, fields, writer, depth);
    else encoder.write(fields, writer, depth + 1);
    writer.close(start);
  }
}

function typeNameOf(url: unknown): string {
  if (typeof url !== 'string') throw new TranscodingError('expected the URL of a type', '@type');
  const typeName = url.slice(url.lastIndexOf('/') + 1);
  if (!url.includes('/') || typeName === '')
    throw new TranscodingError('expected a URL such as type.googleapis.com/a.B', '@type');
  return typeName;
}

function writeOwnForm(
  encoder: MessageEncoder,
  fields: Record<string, unknown>,
  writer: WireWriter,
  depth: number,
): void {
  const extra = Object.keys(fields).find((name) => name !== 'value');
  if (extra !== undefined) throw new TranscodingError('beside @type only value is known here', extra);
  try {
    encoder.write(fields['value'], writer, depth + 1);
  } catch (error) {
    throw inside(error, 'value');
  }
}
