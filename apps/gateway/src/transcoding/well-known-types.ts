const WRAPPERS = ['Double', 'Float', 'Int64', 'UInt64', 'Int32', 'UInt32', 'Bool', 'String', 'Bytes'];

const OWN_FORM = new Set(
  [
    'Any',
    'Timestamp',
    'Duration',
    'FieldMask',
    'Struct',
    'Value',
    'ListValue',
    ...WRAPPERS.map((name) => `${name}Value`),
  ].map((name) => `google.protobuf.${name}`),
);

/** Types that are not a plain object of their fields in JSON. */
export function hasOwnJsonForm(typeName: string): boolean {
  return OWN_FORM.has(typeName);
}

const WRAPPER_NAMES = new Set(WRAPPERS.map((name) => `google.protobuf.${name}Value`));

export function isWrapper(typeName: string): boolean {
  return WRAPPER_NAMES.has(typeName);
}

/** Seconds of 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z, between which a Timestamp has an RFC 3339 form. */
export const FIRST_SECOND = -62135596800;
export const LAST_SECOND = 253402300799;

/** About ten thousand years, the range of a Duration. */
export const LARGEST_DURATION_SECONDS = 315576000000;

export const NANOS_PER_SECOND = 1_000_000_000;
