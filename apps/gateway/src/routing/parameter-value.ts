import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';

import { isWrapper } from '../transcoding/well-known-types.js';

type Reader = (text: string) => unknown;

const TEXT_FORM = new Set(['google.protobuf.Timestamp', 'google.protobuf.Duration', 'google.protobuf.FieldMask']);
const INTEGER = /^-?\d{1,10}$/;

/**
 * How a field's text in a URL becomes its JSON value; undefined when a URL cannot hold it. Numbers stay text, which
 * proto3 JSON takes for every numeric type.
 */
export function parameterReader(field: DescField): Reader | undefined {
  switch (field.fieldKind) {
    case 'scalar':
      return scalarReader(field.scalar);
    case 'enum':
      return enumReader;
    case 'message':
      return messageReader(field.message);
    case 'list':
      return listReader(field);
    case 'map':
      return undefined;
  }
}

function listReader(field: DescField & { fieldKind: 'list' }): Reader | undefined {
  if (field.listKind === 'message') return messageReader(field.message);
  return field.listKind === 'enum' ? enumReader : scalarReader(field.scalar);
}

function messageReader(type: DescMessage): Reader | undefined {
  if (TEXT_FORM.has(type.typeName)) return asText;
  const wrapped = isWrapper(type.typeName) ? type.fields[0]?.scalar : undefined;
  return wrapped === undefined ? undefined : scalarReader(wrapped);
}

function scalarReader(type: ScalarType): Reader {
  return type === ScalarType.BOOL ? readBool : asText;
}

const asText: Reader = (text) => text;

/** Other text goes on as it is, so that the encoder refuses it in its own words. */
const readBool: Reader = (text) => (text === 'true' ? true : text === 'false' ? false : text);

const enumReader: Reader = (text) => (INTEGER.test(text) ? Number(text) : text);
