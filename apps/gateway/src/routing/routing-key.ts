import { type DescField, type DescMessage, type DescMethod, ScalarType } from '@bufbuild/protobuf';
import { FeatureSet_FieldPresence } from '@bufbuild/protobuf/wkt';

import type { Contract } from '../contracts/contract.js';
import { PlainMessageDecoder } from '../transcoding/message-decoder.js';
import { WireReader } from '../transcoding/wire-reader.js';
import { routingKeyOf } from './method-options.js';

/** The identity of whom an encoded request is about; undefined when it names nobody. */
export type KeyReader = (message: Uint8Array) => string | undefined;

/** Reads the field that the contract names as routing key; undefined when it names none, or none that can be one. */
export function keyReader(method: DescMethod, contract: Contract): KeyReader | undefined {
  const path = routingKeyOf(method);
  const fields = path === undefined ? undefined : fieldsOf(method.input, path.split('.'));
  const [first] = fields ?? [];
  const last = fields?.at(-1);
  if (fields === undefined || first === undefined || last === undefined) return undefined;
  const decoder = new PlainMessageDecoder();
  decoder.compile([first], (type) => contract.decoders.decoderOf(type));
  return (message) => {
    let holder: unknown = JSON.parse(decoder.read(new WireReader(message), message.length));
    for (const { jsonName } of fields.slice(0, -1)) holder = valueIn(holder, jsonName);
    const text = holder === undefined ? '' : textOf(last, valueIn<Json>(holder, last.jsonName));
    return text === '' ? undefined : text;
  };
}

function fieldsOf(type: DescMessage, [name, ...rest]: readonly string[]): readonly DescField[] | undefined {
  const field = type.fields.find((one) => one.name === name);
  if (rest.length === 0) return field?.fieldKind === 'scalar' || field?.fieldKind === 'enum' ? [field] : undefined;
  const further = field?.fieldKind === 'message' ? fieldsOf(field.message, rest) : undefined;
  return field === undefined || further === undefined ? undefined : [field, ...further];
}

/** A field that can be a key, in JSON. */
type Json = string | number | boolean;

function valueIn<T>(holder: unknown, name: string): T | undefined {
  return (holder as Readonly<Record<string, T>> | undefined)?.[name];
}

/** As rpc writes the identity that it reads from a decoded request; here the value comes from its JSON form. */
function textOf({ enum: type, presence, scalar }: DescField, value: Json | undefined): string {
  if (scalar === ScalarType.BYTES) return Buffer.from(String(value ?? ''), 'base64').toString('hex');
  if (value !== undefined) return String(type?.values.find(({ name }) => name === value)?.number ?? value);
  if (scalar === ScalarType.STRING || presence !== FeatureSet_FieldPresence.IMPLICIT) return '';
  return scalar === ScalarType.BOOL ? 'false' : '0';
}
