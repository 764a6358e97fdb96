import { describe, expect, it } from '@jest/globals';
import type { Instance } from '@rookery/discovery';
import { describedInstance } from '@rookery/testkit';

import { plainStatus } from '../status/call-status.js';
import { StatusCode } from '../status/status-code.js';
import { Retries } from './retries.js';
import type { UnaryCallHost } from './unary-call-host.port.js';

const BACK_OFF_MS = 17;

function retriesAmong(instances: readonly Instance[]): Retries {
  const host = {
    hasUntried: (tried: readonly Instance[]) => instances.some((instance) => !tried.includes(instance)),
    backOffMs: () => BACK_OFF_MS,
    retryBudget: { withdraw: () => true },
  };
  // The rest of a host has no part in the decision.
  const partial = host as unknown as UnaryCallHost;
  return new Retries(partial, { isIdempotent: true, isChained: false, eligible: undefined });
}

describe('a call that an instance refused because it is at its limit', () => {
  const full = plainStatus(StatusCode.RESOURCE_EXHAUSTED, 'at its limit', true);
  const first = describedInstance('a', 1);
  const second = describedInstance('b', 2);

  it('goes to another one at once', () => {
    expect(retriesAmong([first, second]).pauseAfter(full, first)).toBe(0);
  });

  it('fails at once when all have refused it: waiting would only add to the crowd', () => {
    const retries = retriesAmong([first, second]);
    retries.pauseAfter(full, first);
    expect(retries.pauseAfter(full, second)).toBeUndefined();
  });
});

describe('a call that a leaving instance refused', () => {
  it('waits for a successor when there is no other', () => {
    const only = describedInstance('a', 1);
    const leaving = plainStatus(StatusCode.UNAVAILABLE, 'leaving', true);
    expect(retriesAmong([only]).pauseAfter(leaving, only)).toBe(BACK_OFF_MS);
  });
});
