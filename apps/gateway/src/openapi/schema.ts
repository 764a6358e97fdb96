import { type DescEnum, type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';

export type JsonSchema = Readonly<Record<string, unknown>>;

const DECIMAL = '^-?[0-9]+$';
const NOT_FINITE = { type: 'string', enum: ['NaN', 'Infinity', '-Infinity'] };
const WHOLE = (minimum: number, maximum: number): JsonSchema => ({ type: 'integer', minimum, maximum });
const INT32 = WHOLE(-0x80000000, 0x7fffffff);
const UINT32 = WHOLE(0, 0xffffffff);
const INT64 = { type: 'string', format: 'int64', pattern: DECIMAL };
const UINT64 = { type: 'string', format: 'uint64', pattern: '^[0-9]+$' };

const SCALARS: Record<ScalarType, JsonSchema> = {
  [ScalarType.DOUBLE]: { oneOf: [{ type: 'number', format: 'double' }, NOT_FINITE] },
  [ScalarType.FLOAT]: { oneOf: [{ type: 'number', format: 'float' }, NOT_FINITE] },
  [ScalarType.INT64]: INT64,
  [ScalarType.UINT64]: UINT64,
  [ScalarType.INT32]: INT32,
  [ScalarType.FIXED64]: UINT64,
  [ScalarType.FIXED32]: UINT32,
  [ScalarType.BOOL]: { type: 'boolean' },
  [ScalarType.STRING]: { type: 'string' },
  [ScalarType.BYTES]: { type: 'string', contentEncoding: 'base64' },
  [ScalarType.UINT32]: UINT32,
  [ScalarType.SFIXED32]: INT32,
  [ScalarType.SFIXED64]: INT64,
  [ScalarType.SINT32]: INT32,
  [ScalarType.SINT64]: INT64,
};

const WELL_KNOWN: Readonly<Record<string, JsonSchema>> = {
  Timestamp: { type: 'string', format: 'date-time' },
  Duration: { type: 'string', pattern: '^-?[0-9]+(\\.[0-9]{1,9})?s$' },
  FieldMask: { type: 'string' },
  Struct: { type: 'object' },
  Value: {},
  ListValue: { type: 'array' },
  Empty: { type: 'object' },
  Any: { type: 'object', properties: { '@type': { type: 'string' } } },
};

/** Collects the schemas that the operations of a document need, each message and enum once, under its full name. */
export class SchemaCollection {
  readonly schemas: Record<string, JsonSchema> = {};

  ofMessage(type: DescMessage): JsonSchema {
    const own = this.wellKnown(type);
    if (own !== undefined) return own;
    return this.reference(type.typeName, () => ({
      type: 'object',
      properties: Object.fromEntries(type.fields.map((field) => [field.jsonName, this.ofField(field)])),
      additionalProperties: false,
    }));
  }

  ofField(field: DescField): JsonSchema {
    switch (field.fieldKind) {
      case 'list':
        return { type: 'array', items: this.ofElement(field) };
      case 'map':
        return { type: 'object', additionalProperties: this.ofElement(field) };
      default:
        return this.ofElement(field);
    }
  }

  private ofElement(field: Pick<DescField, 'message' | 'enum' | 'scalar'>): JsonSchema {
    if (field.message !== undefined) return this.ofMessage(field.message);
    if (field.enum !== undefined) return this.ofEnum(field.enum);
    return SCALARS[field.scalar ?? ScalarType.STRING];
  }

  private ofEnum(type: DescEnum): JsonSchema {
    if (type.typeName === 'google.protobuf.NullValue') return { type: 'null' };
    const named = { type: 'string', enum: type.values.map((value) => value.name) };
    // An open enum takes and gives numbers that have no name yet.
    return this.reference(type.typeName, () => (type.open ? { anyOf: [named, INT32] } : named));
  }

  private wellKnown(type: DescMessage): JsonSchema | undefined {
    if (!type.typeName.startsWith('google.protobuf.')) return undefined;
    const name = type.typeName.slice('google.protobuf.'.length);
    const wrapped = name.endsWith('Value') ? type.fields[0]?.scalar : undefined;
    return WELL_KNOWN[name] ?? (wrapped === undefined ? undefined : SCALARS[wrapped]);
  }

  /** The name is taken before the schema is made, because a message may contain itself. */
  private reference(name: string, make: () => JsonSchema): JsonSchema {
    if (this.schemas[name] === undefined) {
      this.schemas[name] = {};
      this.schemas[name] = make();
    }
    return { $ref: `#/components/schemas/${name}` };
  }
}
