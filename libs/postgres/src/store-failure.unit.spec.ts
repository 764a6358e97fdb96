import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { endsSession, storeFailure } from './store-failure.js';

function said(code: string, message: string): pg.DatabaseError {
  const error = new pg.DatabaseError(message, message.length, 'error');
  error.code = code;
  return error;
}

describe('a statement that PostgreSQL has no room for', () => {
  const full = said('53100', 'could not extend file "base/16384/2619": No space left on device');

  it.each([
    ['within a transaction', false],
    ['as a transaction of its own', true],
  ])('was not done, and may be sent again: %s', (_what, mayBeDone) => {
    expect(storeFailure(full, mayBeDone)).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      kind: 'unavailable',
      cause: full,
    });
  });

  it('leaves its connection as it was', () => {
    expect(endsSession(full)).toBe(false);
  });

  it('tells nobody the names of the server’s files', () => {
    expect(String(storeFailure(full, true))).not.toContain('base/');
  });
});
