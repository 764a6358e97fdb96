import { expect, it } from '@jest/globals';
import { VirtualTime } from '@rookery/runtime/testing';
import { Pause } from './pause.js';

it('a pause that is over leaves nothing at a signal that outlives it', async () => {
  const time = new VirtualTime();
  const { signal } = new AbortController();
  let listeners = 0;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...given: Parameters<AbortSignal['addEventListener']>) => {
    listeners++;
    addEventListener.apply(signal, given);
  };
  signal.removeEventListener = (...given: Parameters<AbortSignal['removeEventListener']>) => {
    listeners--;
    removeEventListener.apply(signal, given);
  };
  const over = new Pause(time, signal).wait(10);
  await time.advanceAsync(10);
  await over;
  expect([listeners, time.pending]).toEqual([0, 0]);
});
