import { describe, expect, it } from '@jest/globals';
import { Colony, counted, toTarget } from './colony.js';
import { METHOD } from './reports.js';

const calling = (first: Record<number, number>) => ({
  'gateway-1': { caller: [toTarget('pricing-1', first), toTarget('pricing-2', { 0: 5 })] },
  'pricing-1': { callee: [{ method: METHOD, counts: counted(first) }] },
  'pricing-2': { callee: [{ method: METHOD, counts: counted({ 0: 5 }) }] },
});
const well = calling({ 0: 5 });
const failing = calling({ 13: 5 });
const { 'pricing-1': _dead, ...survivors } = well;
const everybody = ['gateway-1', 'pricing-1', 'pricing-2'];

function colonyWith(told: Parameters<Colony['say']>[1]): Colony {
  const colony = new Colony();
  colony.list(...everybody);
  colony.say(30, well);
  colony.say(6, told);
  return colony;
}

function restarted(before: Colony): Colony {
  const colony = new Colony(before);
  colony.list(...everybody);
  return colony;
}

describe('a monitor that was restarted', () => {
  it('goes on with an alarm that still fires, without telling it again', () => {
    const before = colonyWith(failing);
    expect(before.firing()).toEqual(['InstanceFailing pricing-1']);
    const firingAt = before.book.firing()[0]?.firingAt;
    const colony = restarted(before);
    colony.say(150, failing);
    expect(colony.firing()).toEqual(['InstanceFailing pricing-1']);
    expect(colony.changes).toEqual([]);
    expect(colony.book.firing()[0]?.firingAt).toBe(firingAt);
  });

  it('resolves what ended while it was away', () => {
    const colony = restarted(colonyWith(failing));
    colony.say(20, well);
    expect(colony.changes.map(({ name, state }) => `${name} ${state}`)).toEqual(['InstanceFailing resolved']);
  });

  it('still waits for an instance that was silent, takes nobody for its replacement, and notices its return', () => {
    const before = colonyWith(survivors);
    expect(before.firing()).toEqual(['InstanceSilent pricing-1']);
    const colony = restarted(before);
    colony.say(120, survivors);
    expect(colony.firing()).toEqual(['InstanceSilent pricing-1']);
    colony.say(10, well);
    expect(colony.changes.map(({ name, state }) => `${name} ${state}`)).toEqual(['InstanceSilent resolved']);
  });
});
