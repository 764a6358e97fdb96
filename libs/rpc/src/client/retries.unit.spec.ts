import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@rookery/runtime';
import type { Instance } from '@rookery/discovery';
import { describedInstance } from '@rookery/testkit';

import type { Pick } from '../balancing/balancer.js';
import { BalancedRoute } from '../routing/balanced-route.js';
import { notOwner } from '../routing/not-owner.js';
import { Owners } from '../routing/owners.js';
import { plainStatus } from '../status/call-status.js';
import { statusOfError } from '../status/error.mapper.js';
import { StatusCode } from '../status/status-code.js';
import { Retries } from './retries.js';
import type { UnaryCallHost } from './unary-call-host.port.js';

const BACK_OFF_MS = 17;

function retriesAmong(instances: readonly Instance[]): Retries {
  const owners = new Owners();
  owners.update(instances);
  const host = {
    owners,
    usable: () => instances,
    pickOf: (instance: Instance): Pick => ({ instance, started: () => undefined, ended: () => undefined }),
    backOffMs: () => BACK_OFF_MS,
    retryBudget: { withdraw: () => true },
  };
  // The rest of a host has no part in the decision.
  const partial = host as unknown as UnaryCallHost;
  return new Retries(partial, { isIdempotent: true, isChained: false, route: new BalancedRoute(partial, undefined) });
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

describe('a call that an instance refused because it is not the owner', () => {
  const [first, second] = [describedInstance('a', 1), describedInstance('b', 2)];
  const refusal = statusOfError(notOwner('b', '7'));

  it('goes to the named one at once, then waits before it goes there again', () => {
    const retries = retriesAmong([first, second]);
    expect(retries.after(refusal, first, 0)).toMatchObject({ pauseMs: 0, owner: { instance: { id: 'b' } } });
    const back = statusOfError(notOwner('a', '6'));
    expect(retries.after(back, second, 0)).toEqual({ pauseMs: BACK_OFF_MS, owner: undefined });
    expect(retries.after(refusal, first, 0)).toMatchObject({ pauseMs: 0, owner: { instance: { id: 'b' } } });
  });

  it('is tried again as often as its time allows, whatever the method, and within no budget', () => {
    const retries = retriesAmong([first]);
    for (let attempt = 0; attempt < 100; attempt++) {
      expect(retries.after(refusal, first, 0)).toEqual({ pauseMs: BACK_OFF_MS, owner: undefined });
    }
    expect(retries.maybeRan).toBe(0);
  });

  it.each([
    ['names itself', notOwner('a', '7')],
    ['names nobody', notOwner('', '7')],
    ['names one that is not known here', notOwner('c', '7')],
  ])('waits where the refusal %s', (_, error) => {
    const next = retriesAmong([first, second]).after(statusOfError(error), first, 0);
    expect(next).toEqual({ pauseMs: BACK_OFF_MS, owner: undefined });
  });

  it('is left alone where the refusal forbids another attempt', () => {
    const forbidden = { ...refusal, retryAfterMs: -1 };
    expect(retriesAmong([first, second]).after(forbidden, first, 0)).toBeUndefined();
  });

  it('is told apart from a refusal by the domain', () => {
    const soldOut = statusOfError(new DomainError('SOLD_OUT', 'nothing is left', { metadata: { owner: 'b' } }));
    expect(retriesAmong([first, second]).after(soldOut, first, 0)).toBeUndefined();
  });
});
