import { isUtf8 } from 'node:buffer';

import { refuse } from './problem.js';

const JSON_TYPE = /^application\/(json|[a-z0-9!#$&^_.+-]+\+json)\s*(;|$)/i;
const CHARSET = /;\s*charset\s*=\s*"?([^";\s]+)/i;

/** Refuses a body that does not say it is JSON in UTF-8. Without a content type it is taken for JSON. Throws ProblemError. */
export function requireJson(contentType: string | undefined): void {
  if (contentType === undefined || contentType === '') return;
  const charset = CHARSET.exec(contentType)?.[1]?.toLowerCase() ?? 'utf-8';
  if (JSON_TYPE.test(contentType) && charset === 'utf-8') return;
  throw refuse(415, 'MEDIA_TYPE_UNSUPPORTED', 'send the body as application/json in UTF-8', {
    headers: { accept: 'application/json' },
  });
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
