import { type Clock, DomainError } from '@rookery/runtime';
import { type DestinationStream, type Logger, destination, pino } from 'pino';

import { redactFields, redactLine } from './redaction.js';

export type { Logger } from 'pino';

/** From the most silent to the most talkative. */
export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LoggerOptions {
  readonly service: string;
  readonly instanceId: string;
  readonly level: LogLevel;
  readonly clock: Clock;
  /** Fields of the call being served, added to each line: see `traceFields`. Called for each line that is written. */
  readonly scopeFields?: () => object;
  /** Default: standard output. */
  readonly output?: DestinationStream;
}

/** How deep the causes of an error are followed. */
const MAX_CAUSES = 5;

/**
 * A logger that writes one JSON object a line. Each line is written before the call returns, so the last words of a
 * process that crashes or exits are never lost; there is no line for each call, so that costs nothing worth saving.
 * Secrets are left out by the name of their field, and tokens by their look anywhere in a line.
 */
export function createLogger(options: LoggerOptions): Logger {
  const { clock, scopeFields } = options;
  return pino(
    {
      level: options.level,
      base: { service: options.service, instance: options.instanceId },
      timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
      formatters: { level: (level) => ({ level }), bindings: redactFields, log: redactFields },
      serializers: { err: describeError, error: describeError },
      hooks: { streamWrite: redactLine },
      ...(scopeFields === undefined ? {} : { mixin: scopeFields }),
    },
    options.output ?? destination({ dest: 1, sync: true }),
  );
}

/** An error as a log line has it. Only known properties: what else hangs on an error may be a whole request with its token. */
export function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error;
  const { cause } = error;
  return {
    type: error.name,
    message: error.message,
    ...codeOf(error),
    stack: error.stack,
    ...(error instanceof AggregateError
      ? { errors: error.errors.slice(0, MAX_CAUSES).map((each) => describeError(each, MAX_CAUSES)) }
      : {}),
    ...(cause === undefined || depth >= MAX_CAUSES ? {} : { cause: describeError(cause, depth + 1) }),
  };
}

function codeOf(error: Error): object {
  if (error instanceof DomainError) {
    const { code, kind, metadata, violations } = error;
    return { code, kind, metadata: redactFields(metadata), ...(violations.length > 0 ? { violations } : {}) };
  }
  const code: unknown = 'code' in error ? error.code : undefined;
  return typeof code === 'string' || typeof code === 'number' ? { code } : {};
}
