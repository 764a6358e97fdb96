/** Metadata by lower-case key; keys that end in `-bin` hold bytes, all others text. */
export type CallMetadata = ReadonlyMap<string, string | Uint8Array>;

export const NO_METADATA: CallMetadata = new Map();

const KEY = /^[0-9a-z_.-]+$/;
const TEXT = /^[\x20-\x7e]*$/;
/** What the protocol itself sends under names of its own. */
const RESERVED = /^(grpc-|rookery-|:)/;

/** The key as gRPC writes it. Throws TypeError when gRPC takes no such key, or no such value under it. */
export function metadataKey(key: string, value: string | Uint8Array): string {
  const lower = key.toLowerCase();
  if (!KEY.test(lower))
    throw new TypeError(`metadata key ${JSON.stringify(key)} holds other than letters, digits, - _ .`);
  if (RESERVED.test(lower)) throw new TypeError(`metadata key ${lower} belongs to the protocol`);
  if (lower.endsWith('-bin') !== (typeof value !== 'string')) {
    throw new TypeError(`metadata ${lower}: bytes go under keys that end in -bin, text under all others`);
  }
  if (typeof value === 'string' && !TEXT.test(value)) throw new TypeError(`metadata ${lower}: text is printable ASCII`);
  return lower;
}

/** W3C tracestate. Few calls have one, so that it travels as metadata on the link too. */
export const TRACESTATE = 'tracestate';

/** Set by options of their own. */
const STATED_ELSEWHERE = new Set(['authorization', 'traceparent', TRACESTATE]);

/** Metadata as a caller states it. Throws TypeError as `metadataKey` does. */
export function callMetadata(entries: Readonly<Record<string, string | Uint8Array>>): CallMetadata {
  const metadata = new Map<string, string | Uint8Array>();
  for (const [key, value] of Object.entries(entries)) {
    const lower = metadataKey(key, value);
    if (STATED_ELSEWHERE.has(lower)) throw new TypeError(`${lower} is an option of its own, no metadata`);
    metadata.set(lower, value);
  }
  return metadata;
}
