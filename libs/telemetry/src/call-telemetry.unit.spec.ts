import { describe, expect, it } from '@jest/globals';
import { VirtualTime } from '@rookery/runtime/testing';

import type { CallRecord, CallTarget } from './call-record.js';
import type { SeriesTable } from './call-series.js';
import { CallTelemetry, type CallTelemetryOptions } from './call-telemetry.js';

const QUOTE = '/rookery.pricing.v1.PricingService/QuotePrice';
const LIST = '/rookery.pricing.v1.PricingService/ListPrices';

const target = (instanceId: string, incarnation = `${instanceId}-first`): CallTarget => ({
  service: 'pricing',
  instanceId,
  incarnation,
});

const record = (over: Partial<CallRecord> = {}): CallRecord => ({
  method: QUOTE,
  code: 0,
  durationMs: 2,
  transport: 'link',
  isStream: false,
  ...over,
});

class Traffic {
  readonly telemetry: CallTelemetry;

  constructor(options: CallTelemetryOptions = {}) {
    this.telemetry = new CallTelemetry(new VirtualTime().clock, options);
  }

  called(to: CallTarget, over: Partial<CallRecord> = {}): void {
    const ended = record({ target: to, ...over });
    this.telemetry.callerStarted(ended.method, to);
    this.telemetry.callerEnded(ended);
  }

  served(over: Partial<CallRecord> = {}): void {
    const ended = record(over);
    this.telemetry.calleeStarted(ended.method);
    this.telemetry.calleeEnded(ended);
  }

  takeOften(times: number): void {
    for (let time = 0; time < times; time++) this.telemetry.take();
  }
}

function countsOf(table: SeriesTable): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const series of table) {
    counts[series.method] = [...series.counts()].reduce((sum, { count }) => sum + count, 0);
  }
  return counts;
}

describe('CallTelemetry for the report', () => {
  it('counts what a caller saw by target instance, incarnation and method', () => {
    const traffic = new Traffic();
    traffic.called(target('a'));
    traffic.called(target('a'), { code: 14 });
    traffic.called(target('a'), { method: LIST });
    traffic.called(target('a', 'second'));
    traffic.called(target('b'));
    const { caller, callee } = traffic.telemetry.take();
    expect(callee).toEqual([]);
    expect(
      caller.map((view) => [view.targetInstanceId, view.targetIncarnation, view.method, view.outcomes.codes]),
    ).toEqual([
      [
        'a',
        'a-first',
        QUOTE,
        [
          { code: 0, count: 1 },
          { code: 14, count: 1 },
        ],
      ],
      ['a', 'a-first', LIST, [{ code: 0, count: 1 }]],
      ['a', 'second', QUOTE, [{ code: 0, count: 1 }]],
      ['b', 'b-first', QUOTE, [{ code: 0, count: 1 }]],
    ]);
    expect(caller[0]?.targetService).toBe('pricing');
  });

  it('counts what a callee saw by method, with the latency of each call', () => {
    const traffic = new Traffic();
    traffic.served({ durationMs: 4.096 });
    traffic.served({ durationMs: 4.096, code: 5 });
    expect(traffic.telemetry.take().callee).toEqual([
      {
        method: QUOTE,
        outcomes: {
          codes: [
            { code: 0, count: 1 },
            { code: 5, count: 1 },
          ],
          latency: { buckets: [{ index: 48, count: 2 }], sumMicros: 8192 },
        },
        maxInFlight: 1,
      },
    ]);
  });

  it('begins again after each taking, and says nothing of what was not used', () => {
    const traffic = new Traffic();
    traffic.served();
    traffic.telemetry.take();
    expect(traffic.telemetry.take()).toEqual({ caller: [], callee: [], links: [], lostCalls: 0 });
  });

  it('keeps calls in flight across takings, with the most that ran at one time in each', () => {
    const { telemetry } = new Traffic();
    const inFlight = (): number | undefined => telemetry.take().callee[0]?.maxInFlight;
    for (let call = 0; call < 3; call++) telemetry.calleeStarted(QUOTE);
    telemetry.calleeEnded(record());
    expect(inFlight()).toBe(3);
    expect(inFlight()).toBe(2);
    telemetry.calleeEnded(record());
    telemetry.calleeEnded(record());
    expect(inFlight()).toBe(2);
    expect(inFlight()).toBeUndefined();
  });

  it('counts a stream by code and keeps its duration out of the latency', () => {
    const traffic = new Traffic();
    traffic.served({ isStream: true, durationMs: 60_000 });
    expect(traffic.telemetry.take().callee[0]?.outcomes).toEqual({
      codes: [{ code: 0, count: 1 }],
      latency: { buckets: [], sumMicros: 0 },
    });
  });

  it('takes a number that is no status code for UNKNOWN', () => {
    const traffic = new Traffic();
    traffic.served({ code: 99 });
    traffic.served({ code: -1 });
    traffic.served({ code: Number.NaN });
    expect(traffic.telemetry.take().callee[0]?.outcomes.codes).toEqual([{ code: 2, count: 3 }]);
  });

  it('does not go below zero when it hears only the end of a call', () => {
    const { telemetry } = new Traffic();
    telemetry.calleeEnded(record());
    telemetry.calleeStarted(QUOTE);
    expect(telemetry.take().callee[0]?.maxInFlight).toBe(1);
  });

  it('counts calls past the bound of keys as lost, once each, and takes new keys when old ones are idle', () => {
    const traffic = new Traffic({ maxCallerKeys: 2, maxCalleeKeys: 1 });
    for (const instance of ['a', 'b', 'c', 'c']) traffic.called(target(instance));
    traffic.served();
    traffic.served({ method: LIST });
    const first = traffic.telemetry.take();
    expect(first.caller.map((view) => view.targetInstanceId)).toEqual(['a', 'b']);
    expect(first.callee.map((view) => view.method)).toEqual([QUOTE]);
    expect(first.lostCalls).toBe(3);

    traffic.called(target('a'));
    expect(traffic.telemetry.take()).toMatchObject({ caller: [{ targetInstanceId: 'a' }], lostCalls: 0 });
    traffic.called(target('c'));
    traffic.served({ method: LIST });
    expect(traffic.telemetry.take()).toMatchObject({
      caller: [{ targetInstanceId: 'c' }],
      callee: [{ method: LIST }],
      lostCalls: 0,
    });
  });

  it('never forgets a key with a call in flight, however long it takes', () => {
    const traffic = new Traffic({ maxCallerKeys: 1 });
    traffic.telemetry.callerStarted(QUOTE, target('a'));
    traffic.takeOften(200);
    traffic.called(target('b'));
    traffic.telemetry.callerEnded(record({ target: target('a') }));
    expect(traffic.telemetry.take()).toMatchObject({
      caller: [{ targetInstanceId: 'a', maxInFlight: 1 }],
      lostCalls: 1,
    });
  });

  it('forgets instances that are gone: keys do not grow with restarts', () => {
    const traffic = new Traffic({ maxCallerKeys: 100 });
    for (let restart = 0; restart < 50; restart++) {
      traffic.called(target('a', `incarnation-${restart}`));
      traffic.takeOften(61);
    }
    for (let fresh = 0; fresh < 99; fresh++) traffic.called(target(`fresh-${fresh}`));
    expect(traffic.telemetry.take()).toMatchObject({ lostCalls: 0 });
  });

  it('counts a method that is not served as other, once it knows what is served', () => {
    const traffic = new Traffic({ maxCalleeKeys: 2 });
    traffic.telemetry.declareServed([QUOTE]);
    for (let made = 0; made < 100; made++) traffic.served({ method: `/made.Up/Method${made}`, code: 12 });
    traffic.served();
    expect(traffic.telemetry.take()).toMatchObject({
      callee: [{ method: 'other', outcomes: { codes: [{ code: 12, count: 100 }] } }, { method: QUOTE }],
      lostCalls: 0,
    });
    expect(countsOf(traffic.telemetry.calleeSeries)).toEqual({ [QUOTE]: 1, other: 100 });
  });

  it('counts nothing for reports once they are switched off, and goes on for /metrics', () => {
    const traffic = new Traffic();
    traffic.called(target('a'));
    traffic.telemetry.stopTallying();
    traffic.called(target('a'));
    traffic.served();
    expect(traffic.telemetry.take()).toEqual({ caller: [], callee: [], links: [], lostCalls: 0 });
    expect(countsOf(traffic.telemetry.callerSeries)).toEqual({ [QUOTE]: 2 });
    expect(countsOf(traffic.telemetry.calleeSeries)).toEqual({ [QUOTE]: 1 });
  });
});

describe('CallTelemetry for /metrics', () => {
  it('counts by service and method, whatever the instance', () => {
    const traffic = new Traffic();
    traffic.called(target('a'));
    traffic.called(target('b'), { transport: 'grpc' });
    traffic.called(target('b'), { code: 14 });
    const [series, ...more] = traffic.telemetry.callerSeries;
    expect(more).toEqual([]);
    expect(series).toMatchObject({ service: 'pricing', method: QUOTE, inFlight: 0 });
    expect([...(series?.counts() ?? [])]).toEqual([
      { code: 'OK', transport: 'link', count: 1 },
      { code: 'OK', transport: 'grpc', count: 1 },
      { code: 'UNAVAILABLE', transport: 'link', count: 1 },
    ]);
  });

  it('counts everything past the bound as other', () => {
    const traffic = new Traffic({ maxSeries: 2 });
    for (let method = 0; method < 5; method++) traffic.called(target('a'), { method: `/p.S/M${method}` });
    expect(countsOf(traffic.telemetry.callerSeries)).toEqual({ '/p.S/M0': 1, '/p.S/M1': 1, other: 3 });
  });

  it('counts what was sent to no instance, without putting it into anybody’s view', () => {
    const { telemetry } = new Traffic();
    telemetry.callerEnded(record({ code: 14 }));
    expect(telemetry.take()).toEqual({ caller: [], callee: [], links: [], lostCalls: 0 });
    expect(countsOf(telemetry.callerSeries)).toEqual({ [QUOTE]: 1 });
  });

  it('has as many calls in flight as have started and not ended', () => {
    const { telemetry } = new Traffic({ maxCallerKeys: 1 });
    telemetry.callerStarted(QUOTE, target('a'));
    telemetry.callerStarted(QUOTE, target('b'));
    const [series] = telemetry.callerSeries;
    expect(series?.inFlight).toBe(2);
    telemetry.callerEnded(record({ target: target('b') }));
    telemetry.callerEnded(record({ target: target('a') }));
    expect(series?.inFlight).toBe(0);
  });

  it('counts a call that an app makes over HTTP with the others', () => {
    const traffic = new Traffic();
    traffic.called(target('a'), { method: 'HTTP /quotes', transport: 'http' });
    const [series] = traffic.telemetry.callerSeries;
    expect([...(series?.counts() ?? [])]).toEqual([{ code: 'OK', transport: 'http', count: 1 }]);
  });
});
