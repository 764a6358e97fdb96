import type { IncomingHttpHeaders } from 'node:http';

import { refuse } from './problem.js';

const PREFIX = 'grpc-metadata-';
const FIRST_LETTER = PREFIX.charCodeAt(0);
const KEY = /^[0-9a-z_.-]+$/;

/**
 * Names that the system itself sets or reads: who calls, traces, how a call travels. Nobody outside may set them.
 */
const RESERVED =
  /^(grpc-|x-rookery-|rookery-|x-forwarded-|forwarded$|authorization$|trace|content-|te$|host$|connection$|user-agent$|:)/;

export type Metadata = Readonly<Record<string, string | Uint8Array>>;

/**
 * The headers `Grpc-Metadata-<name>` under their name, `-bin` ones decoded from base64; undefined when there are none. All
 * other headers, and reserved names, stay outside.
 */
export function forwardedMetadata(headers: IncomingHttpHeaders): Metadata | undefined {
  let metadata: Record<string, string | Uint8Array> | undefined;
  for (const header in headers) {
    if (header.charCodeAt(0) !== FIRST_LETTER || !header.startsWith(PREFIX)) continue;
    const name = header.slice(PREFIX.length);
    if (!KEY.test(name) || RESERVED.test(name)) continue;
    metadata ??= {};
    metadata[name] = valueOf(name, headers[header]);
  }
  return metadata;
}

function valueOf(name: string, header: string | string[] | undefined): string | Uint8Array {
  const text = Array.isArray(header) ? header.join(', ') : (header ?? '');
  if (name.endsWith('-bin')) return bytesOf(name, text);
  if (/[^\x20-\x7e]/.test(text)) {
    throw refuse(400, 'METADATA_INVALID', `Grpc-Metadata-${name}: only visible ASCII can be passed on`);
  }
  return text;
}

/** Standard base64, with its padding or without. Node's reader would skip whatever is none. */
function bytesOf(name: string, text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  const written = bytes.toString('base64');
  if (text === written || text === written.replace(/=+$/, '')) return bytes;
  throw refuse(400, 'METADATA_INVALID', `Grpc-Metadata-${name}: the value must be base64`);
}
