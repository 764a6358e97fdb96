import { TranscodingError } from '../transcoding/transcoding-error.js';
import type { PathVariable } from './path-template.js';

/**
 * The value that a path gives to a variable. One segment is decoded wholly; of several, `%2F` stays as it is, because it
 * is the only way to tell a slash inside a segment from one between two.
 */
export function variableText(variable: PathVariable, segments: readonly string[]): string {
  const to = variable.to ?? segments.length;
  if (variable.to === variable.from + 1) return decode(segments[variable.from] ?? '', variable.field);
  return segments
    .slice(variable.from, to)
    .map((segment) => decodeKeepingSlashes(segment, variable.field))
    .join('/');
}

function decodeKeepingSlashes(segment: string, field: string): string {
  return segment
    .split(/(%2F)/i)
    .map((part) => (/^%2F$/i.test(part) ? part : decode(part, field)))
    .join('');
}

function decode(segment: string, field: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new TranscodingError('the path is not percent-encoded correctly', field);
  }
}
