import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { tracestateOf } from './trace-state.js';

const PARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const members = (count: number, value = '1') => Array.from({ length: count }, (_, index) => `k${index}=${value}`);

describe('tracestateOf', () => {
  it.each([
    ['one member', 'vendor=value', 'vendor=value'],
    ['several, in their order', 'b=2,a=1', 'b=2,a=1'],
    ['blanks and tabs around members, as of several headers', ' a=1 ,\tb=2 , c=3', 'a=1,b=2,c=3'],
    ['empty members', ',a=1,, ,b=2,', 'a=1,b=2'],
    ['keys of tenants and digits first', '0t@v_-*/=x', '0t@v_-*/=x'],
    ['blanks in front of and in a value', 'a= x y', 'a= x y'],
    ['the same key twice, which is the business of its vendor', 'a=1,a=2', 'a=1,a=2'],
    ['32 members', members(32).join(), members(32).join()],
  ])('passes on %s', (_what, header, passed) => {
    expect(tracestateOf(PARENT, header)).toBe(passed);
  });

  it.each([
    ['nothing', undefined],
    ['an empty header', ''],
    ['empty members alone', ' , ,'],
    ['a member without a value', 'a=1,b='],
    ['a member without a key', '=1'],
    ['a member that is no pair', 'a=1,b'],
    ['an upper-case key', 'A=1'],
    ['a blank before the equals sign', 'a =1'],
    ['a second equals sign', 'a=1=2'],
    ['what is not ASCII', 'a=ü'],
    ['a line break', 'a=1\n'],
    ['a key of 257 characters', `${'k'.repeat(257)}=1`],
    ['a value of 257 characters', `k=${'v'.repeat(257)}`],
    ['33 members', members(33).join()],
  ])('drops %s', (_what, header) => {
    expect(tracestateOf(PARENT, header)).toBeUndefined();
  });

  it.each([undefined, '', `ff${PARENT.slice(2)}`, PARENT.toUpperCase(), `${PARENT}-more`])(
    'drops what comes with the traceparent %p',
    (traceparent) => {
      expect(tracestateOf(traceparent, 'a=1')).toBeUndefined();
    },
  );

  it('keeps what comes with a traceparent of a later version', () => {
    expect(tracestateOf(`cc${PARENT.slice(2)}-more`, 'a=1')).toBe('a=1');
  });

  it('leaves long members out of a list that is too long, then its end', () => {
    const long = `long=${'x'.repeat(200)}`;
    expect(tracestateOf(PARENT, [long, ...members(2)].join())).toBe([long, ...members(2)].join());
    expect(tracestateOf(PARENT, [long, ...members(5, 'y'.repeat(100))].join())).toBe(
      members(4, 'y'.repeat(100)).join(),
    );
    expect(tracestateOf(PARENT, members(3, 'z'.repeat(250)).join())).toBeUndefined();
  });

  it('never throws, and gives what it takes again unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab=, \t@1Z'), maxLength: 60 }), (noise) => {
        const passed = tracestateOf(PARENT, noise);
        expect(tracestateOf(PARENT, passed)).toBe(passed);
      }),
    );
  });
});
