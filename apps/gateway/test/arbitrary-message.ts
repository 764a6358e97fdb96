import {
  type DescEnum,
  type DescField,
  type DescMessage,
  type Message,
  type Registry,
  ScalarType,
  create,
} from '@bufbuild/protobuf';
import { anyPack, isWrapperDesc } from '@bufbuild/protobuf/wkt';
import fc from 'fast-check';

type Init = Record<string, unknown>;

/** Messages of any shape that the type allows, as protobuf-es holds them. Numbers are chosen near their limits too. */
export function arbitraryMessage(type: DescMessage, registry: Registry, depth = 2): fc.Arbitrary<Message> {
  const special = SPECIAL[type.typeName]?.(type, registry, depth);
  if (special !== undefined) return special.map((init) => create(type, init as never));
  const members = type.members.flatMap((member) => {
    const isOneof = member.kind === 'oneof';
    const value = isOneof ? oneofValue(member.fields, registry, depth) : fieldValue(member, registry, depth);
    return value === undefined ? [] : [{ name: member.localName, value }];
  });
  const shape = Object.fromEntries(members.map(({ name, value }) => [name, value]));
  return fc.record(shape, { requiredKeys: [] }).map((init) => create(type, init as never));
}

function oneofValue(fields: readonly DescField[], registry: Registry, depth: number): fc.Arbitrary<unknown> {
  const cases = fields.flatMap((field) => {
    const value = fieldValue(field, registry, depth);
    return value === undefined ? [] : [value.map((chosen) => ({ case: field.localName, value: chosen }))];
  });
  return fc.oneof(...cases);
}

function fieldValue(field: DescField, registry: Registry, depth: number): fc.Arbitrary<unknown> | undefined {
  switch (field.fieldKind) {
    case 'scalar':
      return scalar(field.scalar);
    case 'enum':
      return enumValue(field.enum);
    case 'message':
      return nested(field.message, registry, depth);
    case 'list': {
      const element = elementValue(field.listKind, field, registry, depth);
      return element === undefined ? undefined : fc.array(element, { maxLength: 3 });
    }
    case 'map': {
      const element = elementValue(field.mapKind, field, registry, depth);
      const key = scalar(field.mapKey).map(String);
      return element === undefined
        ? undefined
        : fc.dictionary(
            key.filter((text) => text !== '__proto__'),
            element,
            { maxKeys: 3 },
          );
    }
  }
}

interface Element {
  readonly scalar?: ScalarType | undefined;
  readonly enum?: DescEnum | undefined;
  readonly message?: DescMessage | undefined;
}

function elementValue(
  kind: string,
  field: Element,
  registry: Registry,
  depth: number,
): fc.Arbitrary<unknown> | undefined {
  if (kind === 'message' && field.message !== undefined) return nested(field.message, registry, depth);
  if (kind === 'enum' && field.enum !== undefined) return enumValue(field.enum);
  return scalar(field.scalar ?? ScalarType.STRING);
}

function nested(type: DescMessage, registry: Registry, depth: number): fc.Arbitrary<unknown> | undefined {
  if (isWrapperDesc(type)) return scalar(type.fields[0]?.scalar ?? ScalarType.STRING);
  if (type.typeName === 'google.protobuf.Struct') return jsonObject;
  if (depth === 0 && SPECIAL[type.typeName] === undefined) return undefined;
  return arbitraryMessage(type, registry, depth - 1);
}

const jsonObject = fc.dictionary(
  fc.string().filter((key) => key !== '__proto__'),
  fc.jsonValue({ maxDepth: 2 }),
  { maxKeys: 3 },
);

function enumValue(type: DescEnum): fc.Arbitrary<number> {
  if (type.typeName === 'google.protobuf.NullValue') return fc.constant(0);
  const named = fc.constantFrom(...type.values.map((value) => value.number));
  return type.open ? fc.oneof(named, fc.integer()) : named;
}

const int32 = fc.oneof(fc.integer(), fc.constantFrom(0, 1, -1, 127, 128, -0x80000000, 0x7fffffff));
const uint32 = fc.oneof(fc.integer({ min: 0, max: 0xffffffff }), fc.constantFrom(0, 127, 128, 0xffffffff));
const int64 = fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.bigInt({ min: -300n, max: 300n }));
const uint64 = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.bigInt({ min: 0n, max: 300n }));
const text = fc.oneof(
  fc.string({ maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc.string({ unit: 'binary' }),
);

const BY_TYPE: Partial<Record<ScalarType, fc.Arbitrary<unknown>>> = {
  [ScalarType.DOUBLE]: fc.double(),
  [ScalarType.FLOAT]: fc.float(),
  [ScalarType.BOOL]: fc.boolean(),
  [ScalarType.STRING]: text,
  [ScalarType.BYTES]: fc.uint8Array({ maxLength: 20 }),
  [ScalarType.INT32]: int32,
  [ScalarType.SINT32]: int32,
  [ScalarType.SFIXED32]: int32,
  [ScalarType.UINT32]: uint32,
  [ScalarType.FIXED32]: uint32,
  [ScalarType.UINT64]: uint64,
  [ScalarType.FIXED64]: uint64,
};

function scalar(type: ScalarType): fc.Arbitrary<unknown> {
  return BY_TYPE[type] ?? int64;
}

const nanos = fc.oneof(
  fc.integer({ min: 0, max: 999 }).map((ms) => ms * 1_000_000),
  fc.integer({ min: 0, max: 999_999_999 }),
);

const SPECIAL: Record<string, (type: DescMessage, registry: Registry, depth: number) => fc.Arbitrary<Init>> = {
  'google.protobuf.Timestamp': () =>
    fc.record({ seconds: fc.bigInt({ min: -62135596800n, max: 253402300799n }), nanos }),
  'google.protobuf.Duration': () =>
    fc
      .record({ seconds: fc.bigInt({ min: 0n, max: 315575999999n }), nanos, isNegative: fc.boolean() })
      .map(({ seconds, nanos, isNegative }) =>
        isNegative ? { seconds: -seconds, nanos: -nanos } : { seconds, nanos },
      ),
  'google.protobuf.FieldMask': () =>
    fc.record({ paths: fc.array(fc.constantFrom('a', 'user_name', 'user_name.zip_code')) }),
  'google.protobuf.Value': (type) => fc.jsonValue({ maxDepth: 2 }).map((json) => valueInit(type, json)),
  'google.protobuf.ListValue': (type) => {
    const element = type.fields[0]?.message as DescMessage;
    return fc
      .array(fc.jsonValue({ maxDepth: 1 }), { maxLength: 3 })
      .map((list) => ({ values: list.map((json) => create(element, valueInit(element, json) as never)) }));
  },
  'google.protobuf.Any': (_type, registry, depth) => {
    const held = registry.getMessage('gateway.test.Leaf') as DescMessage;
    const timestamp = registry.getMessage('google.protobuf.Timestamp') as DescMessage;
    return fc.oneof(
      ...[held, timestamp].map((type) =>
        arbitraryMessage(type, registry, depth).map((message) => ({ ...anyPack(type, message) })),
      ),
    );
  },
};

function valueInit(type: DescMessage, json: unknown): Init {
  if (json === null) return { kind: { case: 'nullValue', value: 0 } };
  if (typeof json === 'number') return { kind: { case: 'numberValue', value: json } };
  if (typeof json === 'string') return { kind: { case: 'stringValue', value: json } };
  if (typeof json === 'boolean') return { kind: { case: 'boolValue', value: json } };
  if (!Array.isArray(json)) return { kind: { case: 'structValue', value: json } };
  const list = type.fields.find((field) => field.name === 'list_value')?.message as DescMessage;
  const values = json.map((item) => create(type, valueInit(type, item) as never));
  return { kind: { case: 'listValue', value: create(list, { values }) } };
}
