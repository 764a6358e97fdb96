import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@rookery/runtime';
import { VirtualTime } from '@rookery/runtime/testing';

import { type LogLevel, type Logger, createLogger } from './logger.js';
import { NestLogger } from './nest-logger.js';
import { traceFields } from './trace-context.js';

const JWT = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl';

class Log {
  readonly lines: string[] = [];
  traceparent: string | undefined;
  readonly logger: Logger;

  constructor(level: LogLevel = 'trace') {
    this.logger = createLogger({
      service: 'pricing',
      instanceId: 'pricing-1',
      level,
      clock: new VirtualTime().clock,
      scopeFields: () => traceFields(this.traceparent),
      output: { write: (line) => void this.lines.push(line) },
    });
  }

  get last(): Record<string, unknown> {
    const parsed: unknown = JSON.parse(this.lines.at(-1) ?? '');
    return parsed as Record<string, unknown>;
  }
}

describe('createLogger', () => {
  it('writes one JSON object a line: time, level by name, service, instance, message', () => {
    const log = new Log();
    log.logger.warn({ port: 4711 }, 'listening');
    expect(log.lines).toHaveLength(1);
    expect(log.lines[0]).toMatch(/^\{.*\}\n$/);
    expect(log.last).toEqual({
      level: 'warn',
      time: '2026-01-01T00:00:00.000Z',
      service: 'pricing',
      instance: 'pricing-1',
      port: 4711,
      msg: 'listening',
    });
  });

  it('keeps a message with line breaks in one line', () => {
    const log = new Log();
    log.logger.info('one\ntwo');
    expect(log.lines[0]?.trimEnd()).not.toContain('\n');
  });

  it('names the trace and span of the call being served, and nothing outside of one', () => {
    const log = new Log();
    log.logger.info('outside');
    expect(log.last).not.toHaveProperty('trace_id');
    log.traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    log.logger.info('inside');
    expect(log.last).toMatchObject({ trace_id: '4bf92f3577b34da6a3ce929d0e0e4736', span_id: '00f067aa0ba902b7' });
  });

  it('is silent below its level', () => {
    const log = new Log('warn');
    log.logger.info('no');
    expect(log.lines).toEqual([]);
  });

  it('writes an error with code, stack and causes, and nothing else that hangs on it', () => {
    const log = new Log();
    const root = Object.assign(new Error('connection refused'), {
      code: 'ECONNREFUSED',
      config: { authorization: 'x' },
    });
    const error = new DomainError('STOCK_UNREACHABLE', 'no stock', { kind: 'unavailable', cause: root });
    log.logger.error({ err: error }, 'failed');
    expect(log.last['err']).toMatchObject({
      type: 'DomainError',
      code: 'STOCK_UNREACHABLE',
      kind: 'unavailable',
      stack: expect.stringContaining('logger.unit.spec'),
      cause: { type: 'Error', code: 'ECONNREFUSED', message: 'connection refused' },
    });
    expect(log.lines[0]).not.toContain('authorization');
  });

  it('follows a chain of causes to an end, also one that is a circle', () => {
    const log = new Log();
    const error = new Error('round');
    error.cause = error;
    log.logger.error(error);
    log.logger.error({ err: new AggregateError([new Error('one'), 'two'], 'all failed') });
    expect(log.last['err']).toMatchObject({ errors: [{ message: 'one' }, 'two'] });
  });
});

describe('redaction', () => {
  it.each([
    'authorization',
    'Authorization',
    'token',
    'accessToken',
    'client_secret',
    'password',
    'x-api-key',
    'set-cookie',
  ])('leaves out the value of %s, at any depth', (name) => {
    const log = new Log();
    log.logger.info(
      { [name]: 'hunter2', headers: { [name]: ['hunter2'] }, list: [{ deep: { [name]: { a: 'hunter2' } } }] },
      'x',
    );
    expect(log.lines[0]).not.toContain('hunter2');
    expect(log.lines[0]).toContain('[redacted]');
  });

  it('leaves out tokens by their look, in messages, in strings and in stacks', () => {
    const log = new Log();
    log.logger.info(
      { url: `http://x/?t=${JWT}`, err: new Error(`bad token ${JWT}`) },
      `Bearer ${JWT} and Basic dXNlcjpwYXNz`,
    );
    expect(log.lines[0]).not.toContain('eyJ');
    expect(log.lines[0]).not.toContain('dXNlcjpwYXNz');
    expect(log.last['msg']).toBe('Bearer [redacted] and Basic [redacted]');
  });

  it('keeps what is no secret', () => {
    const log = new Log();
    log.logger.info(
      { tokens: 3, hasSecret: true, keyboard: 'de', Basic: 'Basic plan', author: 'x' },
      'a Bearer of news',
    );
    expect(log.last).toMatchObject({
      tokens: 3,
      hasSecret: true,
      keyboard: 'de',
      Basic: 'Basic plan',
      author: 'x',
      msg: 'a Bearer of news',
    });
  });

  it('does not change the object that it was given', () => {
    const log = new Log();
    const fields = { headers: { authorization: 'hunter2' } };
    log.logger.info(fields, 'x');
    expect(fields).toEqual({ headers: { authorization: 'hunter2' } });
  });

  it('cuts what is nested without end', () => {
    const log = new Log();
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    log.logger.info({ circle }, 'x');
    expect(log.last['circle']).toBeDefined();
  });
});

describe('NestLogger', () => {
  it('puts what Nest calls the context into a field', () => {
    const log = new Log();
    new NestLogger(log.logger).log('Nest application successfully started', 'NestApplication');
    expect(log.last).toMatchObject({
      level: 'info',
      context: 'NestApplication',
      msg: 'Nest application successfully started',
    });
  });

  it('writes Nest’s levels as ours', () => {
    const log = new Log();
    const nest = new NestLogger(log.logger);
    const levels = (['verbose', 'debug', 'log', 'warn', 'error', 'fatal'] as const).map((level) => {
      nest[level]('x');
      return log.last['level'];
    });
    expect(levels).toEqual(['trace', 'debug', 'info', 'warn', 'error', 'fatal']);
  });

  it('takes an error as the message, or beside it, or as a bare stack', () => {
    const log = new Log();
    const nest = new NestLogger(log.logger);
    nest.error(new Error('one'), 'Router');
    expect(log.last).toMatchObject({ msg: 'one', context: 'Router', err: { message: 'one' } });
    nest.error('two', new Error('inner'), 'Router');
    expect(log.last).toMatchObject({ msg: 'two', context: 'Router', err: { message: 'inner' } });
    nest.error('three', 'Error: x\n    at y (z.js:1:1)', 'Router');
    expect(log.last).toMatchObject({ msg: 'three', context: 'Router', stack: expect.stringContaining('z.js') });
    nest.error('four', 'Error: x\n    at y (z.js:1:1)');
    expect(log.last).toMatchObject({ msg: 'four', stack: expect.stringContaining('z.js') });
    expect(log.last).not.toHaveProperty('context');
  });

  it('keeps objects and further values', () => {
    const log = new Log();
    const nest = new NestLogger(log.logger);
    nest.log({ port: 1 }, 'Router');
    expect(log.last).toMatchObject({ port: 1, context: 'Router' });
    nest.warn({ msg: 'late', task: 'fulfilment', err: new Error('no answer') }, 'Tasks');
    expect(log.last).toMatchObject({
      msg: 'late',
      task: 'fulfilment',
      err: { message: 'no answer' },
      context: 'Tasks',
    });
    expect(log.lines.at(-1)?.match(/"msg":/g)).toHaveLength(1);
    nest.warn('many', 1, { two: 2 }, ['three'], 'Router');
    expect(log.last).toMatchObject({ msg: 'many', two: 2, values: [1, ['three']], context: 'Router' });
    nest.log('shoppers', { calls: 3, errors: 1 }, 'Shoppers');
    expect(log.last).toMatchObject({ msg: 'shoppers', calls: 3, errors: 1, context: 'Shoppers' });
    expect(log.last).not.toHaveProperty('values');
    nest.log(undefined);
    expect(log.last).toMatchObject({ msg: 'undefined' });
  });
});
