import { describe, expect, it } from '@jest/globals';
import { wordOf } from './state-directory.js';

describe('the word of a state directory', () => {
  it('is four digits, the same each time, and another for another directory or machine', () => {
    expect(wordOf('/r/.rookery', 'here')).toMatch(/^[0-9a-f]{4}$/);
    expect(wordOf('/r/.rookery', 'here')).toBe(wordOf('/r/.rookery', 'here'));
    expect(wordOf('/r/.other', 'here')).not.toBe(wordOf('/r/.rookery', 'here'));
    expect(wordOf('/r/.rookery', 'there')).not.toBe(wordOf('/r/.rookery', 'here'));
  });
});
