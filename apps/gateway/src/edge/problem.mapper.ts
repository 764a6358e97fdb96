import { TranscodingError } from '../transcoding/transcoding-error.js';
import { type Problem, ProblemError, problemOf } from './problem.js';

/** What Node.js refuses before a request is ours, by error code. */
const BY_CODE: Readonly<Record<string, Pick<Problem, 'status' | 'code' | 'detail'>>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: 'HEADERS_TOO_LARGE',
    detail: 'the headers are larger than this gateway takes',
  },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, code: 'REQUEST_TIMEOUT', detail: 'the request did not arrive in time' },
};

const MALFORMED = { status: 400, code: 'REQUEST_MALFORMED', detail: 'this is no HTTP request' };

export function problemOfError(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof TranscodingError) return invalidField(error);
  const known = BY_CODE[codeOf(error)];
  if (known !== undefined) return known;
  const status = (error as { statusCode?: unknown } | undefined)?.statusCode;
  if (typeof status === 'number' && status >= 400 && status < 500) return { ...MALFORMED, status };
  return problemOf(error);
}

/** For a connection whose bytes could not be read as a request. */
export function problemOfConnection(error: unknown): Problem {
  return error instanceof ProblemError ? error.problem : (BY_CODE[codeOf(error)] ?? MALFORMED);
}

function invalidField({ field, description }: TranscodingError): Problem {
  const detail = field === '' ? description : `${field}: ${description}`;
  return { status: 400, code: 'REQUEST_INVALID', detail, violations: [{ field, description }] };
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : '';
}
