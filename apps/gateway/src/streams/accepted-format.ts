import { refuse } from '../edge/problem.js';
import { jsonLines } from './json-lines.js';
import { serverSentEvents } from './server-sent-events.js';
import type { StreamFormat } from './stream-format.js';

/** What may stand in `Accept` for each format, the most specific first: only that counts. */
const EVENTS = ['text/event-stream', 'text/*'];
const LINES = ['application/x-ndjson', 'application/ndjson', 'application/*', '*/*'];
const QUALITY = /^q=([01](?:\.\d{0,3})?)$/;

/** Events for whoever names them, as EventSource does; else lines, also for `*` and without the header. Throws ProblemError. */
export function acceptedFormat(accept: string | undefined): StreamFormat {
  if (accept === undefined || accept.trim() === '') return jsonLines;
  const ranges = rangesOf(accept);
  const events = qualityOf(ranges, EVENTS);
  const lines = qualityOf(ranges, LINES);
  if (events > 0 && events >= lines) return serverSentEvents;
  if (lines > 0) return jsonLines;
  const types = `${serverSentEvents.type} or ${jsonLines.type}`;
  throw refuse(406, 'NOT_ACCEPTABLE', `this route answers with a stream: accept ${types}`);
}

function rangesOf(accept: string): ReadonlyMap<string, number> {
  const ranges = new Map<string, number>();
  for (const part of accept.toLowerCase().split(',')) {
    const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    const quality = parameters.map((parameter) => QUALITY.exec(parameter)?.[1]).find((text) => text !== undefined);
    ranges.set(type, Number(quality ?? 1));
  }
  return ranges;
}

function qualityOf(ranges: ReadonlyMap<string, number>, names: readonly string[]): number {
  const name = names.find((one) => ranges.has(one));
  return name === undefined ? 0 : (ranges.get(name) ?? 0);
}
