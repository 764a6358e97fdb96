import { describe, expect, it } from '@jest/globals';
import { Interruption, unlessAborted } from './interruption.js';

const endless = new Promise<never>(() => undefined);

describe('work that somebody may interrupt', () => {
  it('comes to what it comes to when nobody does', async () => {
    const { signal } = new AbortController();
    await expect(unlessAborted(signal, Promise.resolve('sold'))).resolves.toBe('sold');
    await expect(unlessAborted(signal, Promise.reject(new Error('no stock')))).rejects.toThrow('no stock');
  });

  it('ends with the interruption', async () => {
    const controller = new AbortController();
    const outcome = unlessAborted(controller.signal, endless);
    controller.abort(new Interruption());
    await expect(outcome).rejects.toThrow(Interruption);
  });

  it('ends with an interruption that came before it began', async () => {
    const signal = AbortSignal.abort(new Interruption());
    await expect(unlessAborted(signal, Promise.resolve('sold'))).rejects.toThrow(Interruption);
    await expect(unlessAborted(signal, endless)).rejects.toThrow(Interruption);
  });
});
