import { describe, expect, it } from '@jest/globals';

import { Cast } from './cast.js';

describe('the end of a bench', () => {
  it('takes down what was set up last first, and whatever fails keeps nothing else from its end', async () => {
    const ended: string[] = [];
    const cast = new Cast();
    cast.onStop(() => void ended.push('server'));
    cast.onStop(() => Promise.reject(new Error('no answer')));
    cast.onStop(async () => {
      await new Promise(setImmediate);
      ended.push('session');
    });
    await expect(cast.stop()).rejects.toThrow('no answer');
    expect(ended).toEqual(['session', 'server']);
  });
});
