import type { LoggerService } from '@nestjs/common';

import type { Logger } from './logger.js';

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/**
 * Nest's own lines in our format: `app.useLogger(new NestLogger(logger))`. Nest passes the message, then values, a stack
 * for errors, and last the name of the class that speaks; that name becomes the field `context`. A plain object among the
 * values holds fields, as with Nest's own logger: `logger.log('shoppers so far', { calls: 12 })`. One that comes first may
 * hold the message too, as `msg`.
 */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write('info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  private write(level: Level, message: unknown, rest: readonly unknown[]): void {
    if (!this.logger.isLevelEnabled(level)) return;
    const { context, values } = contextOf(rest);
    // Without `msg`, or the line would have it twice.
    const fields = { ...(context === undefined ? {} : { context }), ...errorFields(message, values), msg: undefined };
    this.logger[level](fields, textOf(message));
  }
}

function contextOf(rest: readonly unknown[]): { context: string | undefined; values: readonly unknown[] } {
  const last = rest.at(-1);
  const isContext = typeof last === 'string' && !isStack(last);
  const values = (isContext ? rest.slice(0, -1) : rest).filter((value) => value !== undefined);
  return { context: isContext ? last : undefined, values };
}

function errorFields(message: unknown, values: readonly unknown[]): object {
  if (message instanceof Error) return { err: message };
  const [first] = values;
  if (first instanceof Error) return { err: first };
  if (isStack(first)) return { stack: first };
  const inMessage = typeof message === 'object' ? message : {};
  const fields = Object.assign({}, inMessage, ...values.filter(isFields)) as object;
  const others = values.filter((value) => !isFields(value));
  return others.length > 0 ? { ...fields, values: others } : fields;
}

function isFields(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function isStack(value: unknown): value is string {
  return typeof value === 'string' && /\n\s+at /.test(value);
}

function textOf(message: unknown): string {
  if (message instanceof Error) return message.message;
  if (typeof message === 'object' && message !== null) {
    return 'msg' in message && typeof message.msg === 'string' ? message.msg : '';
  }
  return String(message);
}
