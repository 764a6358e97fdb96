import type { DescEnum } from '@bufbuild/protobuf';

import type { ValueEncoder } from './scalar-encoder.js';
import { TranscodingError, mismatch, quoted } from './transcoding-error.js';
import { WireKind } from './wire-reader.js';

const NULL_VALUE = 'google.protobuf.NullValue';

/** Takes the name of a value, or its number; an open enum takes numbers that have no name. */
export function enumEncoder(type: DescEnum): ValueEncoder<number> {
  const byName = new Map(type.values.map((value) => [value.name, value.number]));
  const numbers = new Set(byName.values());
  const isNull = type.typeName === NULL_VALUE;
  const parse = (value: unknown): number => {
    if (typeof value === 'string') return byNameOrThrow(byName, value);
    if (isNull && value === null) return 0;
    if (typeof value !== 'number') throw mismatch('the name or number of an enum value', value);
    if ((value | 0) !== value || !(type.open || numbers.has(value))) {
      throw new TranscodingError(`${value} is no value of ${type.name}`);
    }
    return value;
  };
  return {
    wireKind: WireKind.varint,
    parse,
    write: (writer, parsed) => writer.int32(parsed),
    isZero: (parsed) => parsed === 0,
  };
}

function byNameOrThrow(byName: ReadonlyMap<string, number>, name: string): number {
  const found = byName.get(name);
  if (found !== undefined) return found;
  const allowed = [...byName.keys()].slice(0, 20).join(', ');
  throw new TranscodingError(`${quoted(name)} is none of ${allowed}`);
}
