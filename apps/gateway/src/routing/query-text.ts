import { TranscodingError } from '../transcoding/transcoding-error.js';

/** Splits `a.b=1&x=2`, calling `each` for every parameter in order, decoded. */
export function eachParameter(query: string, each: (name: string, value: string) => void): void {
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const rawName = equals < 0 ? pair : pair.slice(0, equals);
    const name = decode(rawName, rawName);
    each(name, equals < 0 ? '' : decode(pair.slice(equals + 1), name));
  }
}

function decode(text: string, name: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    throw new TranscodingError('the query is not percent-encoded correctly', name);
  }
}
