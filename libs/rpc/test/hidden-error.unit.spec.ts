import { describe, expect, it } from '@jest/globals';
import { VirtualTime } from '@rookery/runtime/testing';

import { currentScope } from '../src/call-context.js';
import { Dispatcher } from '../src/server/dispatcher.js';
import type { Arrival } from '../src/server/server-call.js';
import { quotePrice } from './link-pair.js';

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const arrival: Arrival = {
  transport: 'link',
  id: 1,
  peer: 'test',
  deadlineAt: undefined,
  traceparent: TRACE,
  authorization: undefined,
  metadata: undefined,
  attempt: 0,
};

describe('an error that its caller is not told', () => {
  it.each([
    [
      'thrown',
      () => {
        throw new Error('defect');
      },
    ],
    ['rejected', () => Promise.reject(new Error('defect'))],
  ])('is logged in the scope of its call when it is %s', async (_how, handler) => {
    const traces: (string | undefined)[] = [];
    const time = new VirtualTime();
    const dispatcher = new Dispatcher({
      clock: time.clock,
      scheduler: time,
      concurrencyLimit: 10,
      verifier: undefined,
      startSpan: (traceparent) => traceparent,
      onHiddenError: () => traces.push(currentScope()?.traceparent),
    });
    await new Promise<void>((resolve) => {
      const replier = { succeed: () => resolve(), fail: () => resolve() };
      dispatcher.unary({ definition: quotePrice, handler }, arrival, {}, true, replier);
    });
    expect(traces).toEqual([TRACE]);
  });
});
