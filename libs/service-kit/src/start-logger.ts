import { NestLogger, type Logger } from '@rookery/telemetry';

/** Nest's account of how it puts a module together, which is of interest to nobody who only runs it. */
const ASSEMBLY = new Set([
  'NestFactory',
  'NestApplication',
  'NestMicroservice',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
]);

/** Where Nest tells of a start that failed before it rejects: whoever catches the error tells it, once. */
const FAILED_START = new Set(['NestApplication', 'ExceptionHandler']);

/** Nest's lines in our format; at debug those on how it puts a module together and on an error that it also throws. */
export class StartLogger extends NestLogger {
  constructor(logger: Logger) {
    super(logger);
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (isSaidBy(ASSEMBLY, rest)) this.debug(message, ...rest);
    else super.log(message, ...rest);
  }

  override error(message: unknown, ...rest: unknown[]): void {
    if (isSaidBy(FAILED_START, rest)) this.debug(message, ...rest);
    else super.error(message, ...rest);
  }
}

/** Nest puts the name of the class that speaks last. */
function isSaidBy(speakers: ReadonlySet<string>, rest: readonly unknown[]): boolean {
  const context = rest.at(-1);
  return typeof context === 'string' && speakers.has(context);
}
