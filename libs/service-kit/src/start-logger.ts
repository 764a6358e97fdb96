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

/** Nest's lines in our format, its assembly lines at debug. */
export class StartLogger extends NestLogger {
  constructor(logger: Logger) {
    super(logger);
  }

  override log(message: unknown, ...rest: unknown[]): void {
    const context = rest.at(-1);
    if (typeof context === 'string' && ASSEMBLY.has(context)) this.debug(message, ...rest);
    else super.log(message, ...rest);
  }
}
