import { Writable } from 'node:stream';

import { describe, expect, it } from '@jest/globals';

import { drained } from './drained.js';

/** Takes a chunk when the test says so. */
function slow(): { stream: Writable; take: () => void } {
  let take = (): void => undefined;
  const stream = new Writable({ highWaterMark: 1, write: (_chunk, _encoding, done) => (take = done) });
  return { stream, take: () => take() };
}

describe('waiting for a stream to drain', () => {
  it('ends when it takes more, when it is closed, and at once when there is nothing to wait for', async () => {
    const { stream, take } = slow();
    await drained(stream);
    stream.write('xx');
    const first = drained(stream);
    take();
    await first;
    stream.write('xx');
    const second = drained(stream);
    stream.destroy();
    await second;
    await drained(stream);
  });

  it('leaves no listener behind', async () => {
    const { stream, take } = slow();
    const count = (): number => stream.eventNames().reduce((sum, name) => sum + stream.listenerCount(name), 0);
    const before = count();
    for (let round = 0; round < 20; round++) {
      stream.write('xx');
      const wait = drained(stream);
      take();
      await wait;
    }
    expect(count()).toBe(before);
  });
});
