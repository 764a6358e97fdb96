import { parseTraceparent } from './trace-context.js';

/** At most this many members, by the specification. */
const MOST_MEMBERS = 32;
/** What the specification wants to be passed on at least; more would travel with each call of the trace. */
const LONGEST = 512;
/** Where a list is too long, members longer than this go first. */
const LONG_MEMBER = 128;

const KEY = /^[a-z0-9][a-z0-9_\-*/@]{0,255}$/;
const VALUE = /^[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/**
 * What is passed on of a W3C `tracestate` that came with this `traceparent`; several headers are joined by commas before.
 * Undefined when the traceparent is none, when a member of the list is none, or when nothing is in it: the list belongs to
 * other vendors, and one that cannot be read says nothing reliable. Of a list that is too long the end is left out.
 */
export function tracestateOf(traceparent: string | undefined, tracestate: string | undefined): string | undefined {
  if (tracestate === undefined || parseTraceparent(traceparent) === undefined) return undefined;
  const members = tracestate
    .split(',')
    .map((member) => member.replace(/^[ \t]+|[ \t]+$/g, ''))
    .filter((member) => member !== '');
  if (members.length === 0 || members.length > MOST_MEMBERS || !members.every(isMember)) return undefined;
  const list = shortened(members);
  return list === '' ? undefined : list;
}

function isMember(member: string): boolean {
  const at = member.indexOf('=');
  return at > 0 && KEY.test(member.slice(0, at)) && VALUE.test(member.slice(at + 1));
}

function shortened(members: readonly string[]): string {
  const all = members.join(',');
  if (all.length <= LONGEST) return all;
  const short = members.filter((member) => member.length <= LONG_MEMBER);
  while (short.join(',').length > LONGEST) short.pop();
  return short.join(',');
}
