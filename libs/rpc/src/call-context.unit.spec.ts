import { AsyncLocalStorage } from 'node:async_hooks';

import { describe, expect, it } from '@jest/globals';

import { type CallScope, currentScope, runInScope, runInScopeOnly } from './call-context.js';

const scopeOf = (attempt: number): CallScope => ({
  attempt,
  deadlineAt: undefined,
  traceparent: undefined,
  principal: undefined,
  signal: new AbortController().signal,
});

describe.each([
  ['within what surrounds it', runInScope],
  ['on its own', runInScopeOnly],
])('a scope %s', (_how, run) => {
  it('is seen by what runs in it and by all that this awaits, and by nothing else', async () => {
    const first = run(scopeOf(1), async () => {
      const before = currentScope()?.attempt;
      await new Promise((resolve) => setImmediate(resolve));
      return [before, currentScope()?.attempt];
    });
    const second = run(scopeOf(2), () => Promise.resolve().then(() => currentScope()?.attempt));
    expect(currentScope()).toBeUndefined();
    expect(await first).toEqual([1, 1]);
    expect(await second).toBe(2);
    expect(currentScope()).toBeUndefined();
  });

  it('can hold another, and ends where what runs in it throws', () => {
    const attempts = run(scopeOf(1), () => {
      const inner = run(scopeOf(2), () => currentScope()?.attempt);
      expect(() => run(scopeOf(3), () => { throw new Error('broken'); })).toThrow('broken'); // prettier-ignore
      return [inner, currentScope()?.attempt];
    });
    expect(attempts).toEqual([2, 1]);
    expect(currentScope()).toBeUndefined();
  });
});

it('only the scope on its own hides what other storages hold, and only inside', () => {
  const other = new AsyncLocalStorage<string>();
  other.run('theirs', () => {
    expect(runInScope(scopeOf(1), () => other.getStore())).toBe('theirs');
    expect(runInScopeOnly(scopeOf(1), () => other.getStore())).toBeUndefined();
    expect(other.getStore()).toBe('theirs');
  });
});
