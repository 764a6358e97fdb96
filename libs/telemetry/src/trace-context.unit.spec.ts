import { describe, expect, it } from '@jest/globals';
import { Random } from '@rookery/runtime';
import { SeededRandom } from '@rookery/runtime/testing';
import fc from 'fast-check';

import { TraceIds, formatTraceparent, parseTraceparent, traceFields } from './trace-context.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

const hex = (length: number): fc.Arbitrary<string> =>
  fc
    .array(fc.integer({ min: 0, max: 15 }), { minLength: length, maxLength: length })
    .map((digits) => digits.map((digit) => digit.toString(16)).join(''))
    .filter((id) => !/^0+$/.test(id));
const contexts = fc.record({ traceId: hex(32), spanId: hex(16), isSampled: fc.boolean() });

class ZeroRandom extends Random {
  next(): number {
    return 0;
  }
}

describe('parseTraceparent', () => {
  it('reads back whatever formatTraceparent writes', () => {
    fc.assert(
      fc.property(contexts, (context) => expect(parseTraceparent(formatTraceparent(context))).toEqual(context)),
    );
  });

  it('never throws and never accepts what is no traceparent', () => {
    fc.assert(fc.property(fc.string(), (noise) => expect(parseTraceparent(noise)).toBeUndefined()));
  });

  it.each([
    ['flags other than sampled', `00-${TRACE}-${SPAN}-02`, false],
    ['all flags', `00-${TRACE}-${SPAN}-ff`, true],
    ['a later version of the same length', `01-${TRACE}-${SPAN}-01`, true],
    ['a later version that goes on after a dash', `cc-${TRACE}-${SPAN}-01-what-the-future-holds`, true],
    ['a later version that ends in a dash', `cc-${TRACE}-${SPAN}-00-`, false],
  ])('accepts %s', (_, header, isSampled) => {
    expect(parseTraceparent(header)).toEqual({ traceId: TRACE, spanId: SPAN, isSampled });
  });

  it.each([
    ['nothing', undefined],
    ['an empty header', ''],
    ['version ff', `ff-${TRACE}-${SPAN}-01`],
    ['version 00 with more after the flags', `00-${TRACE}-${SPAN}-01-more`],
    ['version 00 that ends in a dash', `00-${TRACE}-${SPAN}-01-`],
    ['a later version that goes on without a dash', `01-${TRACE}-${SPAN}-01.more`],
    ['an all-zero trace id', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['an all-zero span id', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['upper-case digits', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['a short trace id', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['a long trace id', `00-${TRACE}0-${SPAN}-01`],
    ['a digit that is none', `00-${TRACE.slice(1)}g-${SPAN}-01`],
    ['one digit of flags', `00-${TRACE}-${SPAN}-1`],
    ['flags that are no digits', `00-${TRACE}-${SPAN}-0x`],
    ['a version that is no digit', `0.-${TRACE}-${SPAN}-01`],
    ['underscores', `00_${TRACE}_${SPAN}_01`],
    ['blanks around', ` 00-${TRACE}-${SPAN}-01 `],
    ['a line break at the end', `00-${TRACE}-${SPAN}-01\n`],
    ['two headers joined', `00-${TRACE}-${SPAN}-01,00-${TRACE}-${SPAN}-01`],
  ])('ignores %s', (_, header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });
});

describe('TraceIds', () => {
  const ids = new TraceIds(new SeededRandom(7));

  it('starts traces with valid ids that differ', () => {
    const traces = Array.from({ length: 1000 }, () => parseTraceparent(ids.startTrace()));
    expect(traces).not.toContain(undefined);
    expect(new Set(traces.map((trace) => trace?.traceId)).size).toBe(1000);
    expect(new Set(traces.map((trace) => trace?.spanId)).size).toBe(1000);
  });

  it('says sampled only when asked', () => {
    expect(parseTraceparent(ids.startTrace())?.isSampled).toBe(false);
    expect(parseTraceparent(ids.startTrace(true))?.isSampled).toBe(true);
  });

  it('keeps trace and sampling of the parent and takes a new span', () => {
    fc.assert(
      fc.property(contexts, (parent) => {
        const child = parseTraceparent(ids.childOf(formatTraceparent(parent)));
        expect(child).toMatchObject({ traceId: parent.traceId, isSampled: parent.isSampled });
        expect(child?.spanId).not.toBe(parent.spanId);
      }),
    );
  });

  it('answers a later version as version 00, without what it does not understand', () => {
    expect(ids.childOf(`cc-${TRACE}-${SPAN}-0b-future`)).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-03$`));
  });

  it.each([
    ['00', '00'],
    ['01', '01'],
    ['02', '02'],
    ['03', '03'],
    ['0c', '00'],
    ['0e', '02'],
    ['ff', '03'],
  ])('passes the flags %s on as %s: sampled and random, zero for what has no meaning yet', (flags, passed) => {
    expect(ids.childOf(`00-${TRACE}-${SPAN}-${flags}`).slice(-2)).toBe(passed);
  });

  it.each([undefined, '', 'nonsense', `00-${'0'.repeat(32)}-${SPAN}-01`])('starts a new trace for %p', (header) => {
    expect(parseTraceparent(ids.childOf(header))).toBeDefined();
  });

  it('makes no all-zero id even if the generator returns only zeros', () => {
    expect(parseTraceparent(new TraceIds(new ZeroRandom()).startTrace())).toBeDefined();
  });
});

describe('traceFields', () => {
  it('names the ids of the current span, and nothing outside of one', () => {
    expect(traceFields(`00-${TRACE}-${SPAN}-01`)).toEqual({ trace_id: TRACE, span_id: SPAN });
    expect(traceFields(undefined)).toEqual({});
  });
});
