import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';

import { refuse } from './problem.js';

const JSON_TYPE = /^application\/(json|[a-z0-9!#$&^_.+-]+\+json)\s*(;|$)/i;
const CHARSET = /;\s*charset\s*=\s*"?([^";\s]+)/i;

/** Refuses a body that its headers do not call plain JSON in UTF-8. Without a content type it is taken for that. Throws ProblemError. */
export function requireJson(headers: IncomingHttpHeaders): void {
  requirePlain(headers);
  const contentType = headers['content-type'];
  if (contentType === undefined || contentType === '') return;
  const charset = CHARSET.exec(contentType)?.[1]?.toLowerCase() ?? 'utf-8';
  if (JSON_TYPE.test(contentType) && charset === 'utf-8') return;
  throw refuse(415, 'MEDIA_TYPE_UNSUPPORTED', 'send the body as application/json in UTF-8', {
    headers: { accept: 'application/json' },
  });
}

/** Unpacked bodies are not offered: a small one can be huge. */
function requirePlain(headers: IncomingHttpHeaders): void {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && !/^(identity)?$/i.test(encoding)) {
    throw refuse(415, 'CONTENT_ENCODING_UNSUPPORTED', 'send the body as it is, without a Content-Encoding', {
      headers: { 'accept-encoding': 'identity' },
    });
  }
  const { expect } = headers;
  if (expect !== undefined && expect.toLowerCase() !== '100-continue') {
    throw refuse(417, 'EXPECTATION_UNSUPPORTED', '100-continue is the only expectation that can be met');
  }
  const transfer = headers['transfer-encoding'];
  if (transfer !== undefined && transfer.toLowerCase() !== 'chunked') {
    throw refuse(501, 'TRANSFER_ENCODING_UNSUPPORTED', 'chunked is the only Transfer-Encoding that is understood', {
      headers: { connection: 'close' },
    });
  }
}

/** Parses a body; undefined when it is empty. Throws ProblemError that says where it stops being JSON. */
export function parseJson(body: Buffer | undefined): unknown {
  if (body === undefined || body.length === 0) return undefined;
  if (!isUtf8(body)) throw refuse(400, 'BODY_MALFORMED', 'the body is not UTF-8');
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw refuse(
      400,
      'BODY_MALFORMED',
      `the body is no JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
