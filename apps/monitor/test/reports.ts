import type { Report } from '../src/traffic/report.js';

export const METHOD = '/rookery.pricing.v1.PricingService/QuotePrice';

/** A report of `pricing-1` that saw nothing, but for what is given. */
export function reportOf(given: Partial<Report> & { incarnation?: string } = {}): Report {
  const { incarnation = 'first', ...rest } = given;
  return {
    reporter: { service: 'pricing', instanceId: 'pricing-1', incarnation },
    version: '1.0.0',
    sequence: 1,
    periodMs: 1000,
    mergedPeriods: 1,
    caller: [],
    callee: [],
    links: [],
    stoppedTasks: [],
    vitals: undefined,
    lostCalls: 0,
    isFinal: false,
    ...rest,
  };
}

/** `count` calls of one method that ended OK. */
export function served(count: number): Report['callee'][number] {
  return {
    method: METHOD,
    counts: { codes: [[0, count]], buckets: [[44, count]], sumMicros: 2048 * count, maxInFlight: 2 },
  };
}
