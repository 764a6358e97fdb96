import { describe, expect, it } from '@jest/globals';
import { closingText, exitCodeOf, type Tally } from './tally.mjs';

const tally = (some: Partial<Tally>): Tally => ({
  name: 'lint',
  passed: 0,
  failed: 0,
  skipped: 0,
  reasons: [],
  skips: [],
  ...some,
});

describe('the end of a run', () => {
  it('sums all steps in its last line', () => {
    const text = closingText([tally({ passed: 2, skipped: 1 }), tally({ passed: 3, failed: 4 })]);
    expect(text.split('\n').at(-1)).toBe('5 passed, 4 failed, 1 skipped');
  });

  it('names what was skipped and says why it failed just before', () => {
    const text = closingText([
      tally({ failed: 1, reasons: ['exit code 2'] }),
      tally({ skipped: 1, skips: ['a suite'] }),
    ]);
    expect(text).toBe('SKIPPED  a suite\nFAILED   lint: exit code 2\n0 passed, 1 failed, 1 skipped');
  });

  it('is a failure when anything failed', () => {
    expect(exitCodeOf([tally({ passed: 9 }), tally({ failed: 1 })])).toBe(1);
  });

  it('is a failure when nothing passed, and says so', () => {
    expect(exitCodeOf([tally({ skipped: 3 })])).toBe(1);
    expect(closingText([])).toBe('FAILED   nothing ran\n0 passed, 0 failed, 0 skipped');
  });

  it('is a success when something passed and nothing failed', () => {
    expect(exitCodeOf([tally({ passed: 1 }), tally({ skipped: 1 })])).toBe(0);
  });
});
