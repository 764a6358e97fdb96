/** A JSON value that the contract does not take. `field` is its path, such as `lines[2].quantity`; empty for the whole value. */
export class TranscodingError extends Error {
  override readonly name = 'TranscodingError';

  constructor(
    readonly description: string,
    readonly field = '',
  ) {
    super(field === '' ? description : `${field}: ${description}`);
  }
}

/** Adds the place where an error was met to its path, from the inside out; other errors pass unchanged. */
export function inside(error: unknown, place: string | number): unknown {
  if (!(error instanceof TranscodingError)) return error;
  return new TranscodingError(error.description, joinPath(place, error.field));
}

function joinPath(place: string | number, rest: string): string {
  const head = typeof place === 'number' ? `[${place}]` : cut(place);
  return rest === '' || rest.startsWith('[') ? head + rest : `${head}.${rest}`;
}

/** Nobody is sent back at length what he sent. */
const LONGEST_EXCERPT = 64;

function cut(text: string): string {
  return text.length > LONGEST_EXCERPT ? `${text.slice(0, LONGEST_EXCERPT)}…` : text;
}

/** A text from a request as a message quotes it. */
export function quoted(text: string): string {
  return JSON.stringify(cut(text));
}

/** What a value is, in words for the caller. */
export function describeValue(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'undefined' ? 'nothing' : `a ${typeof value}`;
}

/** The error for a value of the wrong kind. */
export function mismatch(expected: string, value: unknown): TranscodingError {
  return new TranscodingError(`expected ${expected}, got ${describeValue(value)}`);
}
