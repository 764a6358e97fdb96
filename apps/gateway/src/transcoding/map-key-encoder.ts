import { ScalarType } from '@bufbuild/protobuf';

import { scalarEncoder } from './scalar-encoder.js';
import { TranscodingError } from './transcoding-error.js';
import type { WireWriter } from './wire-writer.js';

const KEY_NUMBER = 1;

/** Writes the key of a map's entry; a JSON object has it as text whatever its type. */
export function mapKeyEncoder(type: ScalarType): (key: string, writer: WireWriter) => void {
  const encoder = scalarEncoder(type);
  const tag = (KEY_NUMBER << 3) | encoder.wireKind;
  const parse = type === ScalarType.BOOL ? parseBool : (key: string) => encoder.parse(key);
  return (key, writer) => {
    const parsed = parse(key);
    writer.uint32(tag);
    encoder.write(writer, parsed);
  };
}

function parseBool(key: string): boolean {
  if (key !== 'true' && key !== 'false') throw new TranscodingError('expected the key true or false');
  return key === 'true';
}
