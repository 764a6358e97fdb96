import { describe, expect, it } from '@jest/globals';
import { Colony, counted, toNobody, toTarget } from './colony.js';
import { METHOD } from './reports.js';

const EDGE = 'HTTP POST /v1/quotes';
const fine = { callee: [{ method: METHOD, counts: counted({ 0: 10 }) }] };
const served = (codes: Record<number, number>) => ({ callee: [{ method: METHOD, counts: counted(codes) }] });

describe('when a whole service is gone', () => {
  const gateway = (codes: Record<number, number>) => ({ callee: [{ method: EDGE, counts: counted(codes) }] });
  const calm = {
    'storefront-1': { caller: [toTarget('gateway-1', { 0: 10 }, EDGE)] },
    'gateway-1': { ...gateway({ 0: 10 }), caller: [toTarget('pricing-1', { 0: 5 }), toTarget('pricing-2', { 0: 5 })] },
    'pricing-1': fine,
    'pricing-2': fine,
  };
  const stranded = {
    'storefront-1': { caller: [toTarget('gateway-1', { 14: 10 }, EDGE)] },
    'gateway-1': { ...gateway({ 14: 10 }), caller: [toNobody('pricing', { 14: 10 })] },
  };
  const steady = () => {
    const colony = new Colony();
    colony.list('gateway-1', 'pricing-1', 'pricing-2', 'storefront-1');
    colony.say(30, calm);
    expect(colony.changes).toEqual([]);
    return colony;
  };

  it('names the service that left in order, and not the gateway that has to turn callers away', () => {
    const colony = steady();
    colony.unlist('pricing');
    const leaving = { ...fine, isFinal: true };
    colony.say(1, { ...stranded, 'pricing-1': leaving, 'pricing-2': leaving });
    colony.say(4, stranded);
    expect(colony.firing()).toEqual(['ServiceUnavailable pricing']);
    expect(colony.book.current()[0]?.summary).toContain('pricing has no usable instance');
    expect(colony.book.current()[0]?.facts['callers']).toBe('gateway-1');
    colony.say(20, stranded);
    colony.list('pricing-3');
    const caller = [toTarget('pricing-3', { 0: 10 })];
    colony.say(10, { ...calm, 'gateway-1': { ...gateway({ 0: 10 }), caller }, 'pricing-3': fine });
    expect(colony.firing()).toEqual([]);
    const names = colony.changes.map(({ name, state }) => `${name} ${state}`);
    expect(names).toEqual(['ServiceUnavailable firing', 'ServiceUnavailable resolved']);
  });

  it('names the service beside its killed instances', () => {
    const colony = steady();
    colony.say(5, stranded);
    expect(colony.firing()).toEqual([
      'InstanceSilent pricing-1',
      'InstanceSilent pricing-2',
      'ServiceUnavailable pricing',
    ]);
  });

  it('leaves it to the link when one caller finds nobody while the instances are well', () => {
    const colony = steady();
    colony.say(10, { ...stranded, 'pricing-1': fine, 'pricing-2': fine });
    expect(colony.firing().filter((each) => each.startsWith('Service'))).toEqual([]);
    expect(colony.firing().filter((each) => each.includes('Failing'))).toEqual([]);
  });
});

describe.each([
  ['UNAUTHENTICATED', 16],
  ['PERMISSION_DENIED', 7],
  ['UNIMPLEMENTED', 12],
])('an instance that answers %s', (_name, code) => {
  const calling = (first: Record<number, number>, second: Record<number, number>) => ({
    'gateway-1': { caller: [toTarget('pricing-1', first), toTarget('pricing-2', second)] },
    'pricing-1': served(first),
    'pricing-2': served(second),
  });
  const steady = () => {
    const colony = new Colony();
    colony.list('gateway-1', 'pricing-1', 'pricing-2');
    colony.say(30, calling({ 0: 5 }, { 0: 5 }));
    return colony;
  };

  it('is named within 5 s when its siblings serve the same calls, and cleared when it does too', () => {
    const colony = steady();
    colony.say(5, calling({ [code]: 5 }, { 0: 5 }));
    expect(colony.firing()).toEqual(['InstanceRefusing pricing-1']);
    colony.say(12, calling({ 0: 5 }, { 0: 5 }));
    expect(colony.firing()).toEqual([]);
    expect(colony.changes).toHaveLength(2);
  });

  it('is not named when callers are refused everywhere, at once or by bursts', () => {
    const colony = steady();
    colony.say(20, calling({ [code]: 5 }, { [code]: 5 }));
    colony.say(20, calling({ 0: 5 }, { 0: 5 }));
    colony.say(3, calling({ [code]: 4, 0: 1 }, { [code]: 3, 0: 2 }));
    colony.say(20, calling({ 0: 5 }, { 0: 5 }));
    expect(colony.changes).toEqual([]);
  });
});
