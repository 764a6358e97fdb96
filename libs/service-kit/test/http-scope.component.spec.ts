import { once } from 'node:events';
import { connect } from 'node:net';
import { Body, Controller, Get, Logger, Module, Post } from '@nestjs/common';
import { currentScope } from '@rookery/rpc';
import { until } from '@rookery/testkit';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ServiceKitModule, traceHeaders } from '../src/index.js';
import { type ServiceUnderTest, startUnderTest } from '../src/testing/index.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

const signals: AbortSignal[] = [];

@Controller()
class ScopedController {
  @Get('headers')
  headers(): object {
    new Logger('test').log('asked');
    return traceHeaders();
  }

  @Post('headers')
  async posted(@Body() body: object): Promise<object> {
    await Promise.resolve();
    return { ...traceHeaders(), body };
  }

  @Get('forever')
  forever(): Promise<void> {
    const signal = currentScope()?.signal;
    if (signal !== undefined) signals.push(signal);
    return new Promise((resolve) => signal?.addEventListener('abort', () => resolve()));
  }
}

@Module({ imports: [ServiceKitModule.forRoot({ name: 'sample' })], controllers: [ScopedController] })
class SampleModule {}

let service: ServiceUnderTest;
beforeEach(async () => (service = await startUnderTest(SampleModule)));
afterEach(() => service.stop());

const trace = { traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: 'a=1, b=2' };
const below = {
  traceparent: expect.stringMatching(`^00-${TRACE}-(?!${SPAN})[0-9a-f]{16}-01$`),
  tracestate: 'a=1,b=2',
};

describe('a request on the HTTP port', () => {
  it('hands its trace on to what is logged and called for it', async () => {
    const response = await fetch(`${service.http}/headers`, { headers: trace });
    expect(await response.json()).toEqual(below);
    expect(service.log.find(({ msg }) => msg === 'asked')).toMatchObject({ trace_id: TRACE });
  });

  it('does so when it has a body', async () => {
    const headers = { ...trace, 'content-type': 'application/json' };
    const response = await fetch(`${service.http}/headers`, { method: 'POST', headers, body: '{"x":1}' });
    expect(await response.json()).toEqual({ ...below, body: { x: 1 } });
  });

  it('begins a trace where none came in, or no good one', async () => {
    for (const headers of [{}, { ...trace, traceparent: `ff${trace.traceparent.slice(2)}` }]) {
      const begun = (await (await fetch(`${service.http}/headers`, { headers })).json()) as Record<string, string>;
      expect(begun).toEqual({ traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/) });
      expect(begun['traceparent']).not.toContain(TRACE);
    }
  });

  it('aborts what was called for it when its client goes', async () => {
    const socket = connect(service.service.httpPort, '127.0.0.1');
    await once(socket, 'connect');
    socket.write('GET /forever HTTP/1.1\r\nhost: x\r\n\r\n');
    await until('it is being answered', () => signals.length === 1);
    expect(signals[0]?.aborted).toBe(false);
    socket.destroy();
    await until('it is aborted', () => signals[0]?.aborted === true);
  });
});

it('outside of any call there is no trace to hand on', () => {
  expect(traceHeaders()).toEqual({});
});
