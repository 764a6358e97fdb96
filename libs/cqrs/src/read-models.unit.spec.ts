import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Answer, Database } from '@rookery/postgres';
import { type CallScope, runInScope } from '@rookery/rpc';
import { VirtualTime } from '@rookery/runtime/testing';
import { ReadModels } from './read-models.js';

const rows: Answer<object> = { rows: [{ orders: 3 }], count: 1 };

let time: VirtualTime;
let readModels: ReadModels;

beforeEach(() => {
  time = new VirtualTime();
  // A database that takes three seconds for everything.
  const query = (): Promise<Answer<object>> => new Promise((resolve) => time.timer(3000, () => resolve(rows)));
  readModels = new ReadModels({ query } as unknown as Database, time.clock, time);
});

/** As a handler asks that works for a call with so much time. */
function asked(deadlineAt: number | undefined): Promise<Answer<object>> {
  return runInScope({ deadlineAt } as CallScope, () => readModels.query({ text: 'select' }));
}

describe('a question to a read model', () => {
  it.each([undefined, 4000])('is answered, when there is time for it (until %s)', async (deadlineAt) => {
    const answer = asked(deadlineAt);
    await time.advanceAsync(3000);
    expect(await answer).toBe(rows);
  });

  it('is answered where no call is served', async () => {
    const answer = readModels.query({ text: 'select' });
    await time.advanceAsync(3000);
    expect(await answer).toBe(rows);
  });

  it('is UNAVAILABLE ahead of the deadline of the call when the database does not answer', async () => {
    const told = expect(asked(2500)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', kind: 'unavailable' });
    await time.advanceAsync(2499);
    await told;
  });
});
