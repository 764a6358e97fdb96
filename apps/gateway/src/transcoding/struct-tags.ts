/** google.protobuf.Value: one field for each kind of JSON value. */
export const ValueTag = { null: 0x08, number: 0x11, string: 0x1a, bool: 0x20, struct: 0x2a, list: 0x32 } as const;

/** The elements of a Struct and of a ListValue. */
export const ELEMENT_TAG = 0x0a;

/** The two sides of a Struct's entry. */
export const EntryTag = { key: 0x0a, value: 0x12 } as const;
