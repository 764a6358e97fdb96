import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import type { Type } from '@nestjs/common';
import { kitOptionsOf } from './service-kit.module.js';
import { ConfigError } from './settings.js';
import { StartError } from './start-error.js';
import { type RunningService, startService } from './start-service.js';

/** sysexits.h EX_CONFIG. */
const EXIT_CONFIG = 78;
/** How long a process that is lost anyway spends on taking itself out of the registry. */
const LAST_WISH_MS = 1000;

/**
 * The whole life of a service's process: settings from the environment, start, readiness, and the ordered stop on SIGTERM or
 * SIGINT. Ends the process: 0 after a clean stop, 1 when it failed or calls were cut, 78 when its settings are wrong.
 */
export async function runService(appModule: Type): Promise<void> {
  await new ServiceProcess(kitOptionsOf(appModule).name).run(appModule);
}

class ServiceProcess {
  private service: RunningService | undefined;
  private isStopping = false;
  private isDying = false;

  constructor(private readonly name: string) {}

  async run(appModule: Type): Promise<void> {
    // What grpc-js has to say reaches us as errors, which are logged in our own form.
    if (process.env['GRPC_VERBOSITY'] === undefined) setLogVerbosity(logVerbosity.NONE);
    // The platform's timers keep no process alive; this one does, until the process is ended on purpose.
    setInterval(() => undefined, 2 ** 30);
    // Asked again while it stops, a process goes on stopping: an orchestrator may repeat itself.
    process.on('SIGTERM', () => this.stop());
    process.on('SIGINT', () => this.stop());
    process.on('uncaughtException', (error) => this.die('uncaught exception', error));
    process.on('unhandledRejection', (reason) => this.die('unhandled rejection', reason));
    try {
      this.service = await startService(appModule, process.env);
      if ((await this.service.ready) === 'ready') announce(this.service);
    } catch (error) {
      this.fail(error);
    }
  }

  private stop(): void {
    // Before it listens nobody knows it, and there is nothing to end in order.
    if (this.service === undefined) process.exit(0);
    if (this.isStopping) return;
    this.isStopping = true;
    const { service } = this;
    const { logger } = service.platform.telemetry;
    logger.info('stopping: no longer ready');
    service.stop().then(
      ({ isClean, cutCalls, step, durationMs }) => {
        if (this.isDying) return;
        const took = Math.round(durationMs);
        if (isClean) logger.info({ event: 'service.stopped', took_ms: took }, 'stopped');
        else
          logger.error(
            { event: 'service.cut', cut_calls: cutCalls, step, took_ms: took },
            'the stop took too long; what still ran was cut',
          );
        process.exit(isClean ? 0 : 1);
      },
      (error: unknown) => this.die('the stop failed', error),
    );
  }

  private fail(error: unknown): never {
    if (error instanceof ConfigError) {
      const problems = error.problems.map((problem) => `${this.name}: ${problem}\n`);
      process.stderr.write(problems.join(''));
      process.exit(EXIT_CONFIG);
    }
    const text = error instanceof StartError ? error.message : ((error as Error).stack ?? String(error));
    process.stderr.write(`${this.name}: cannot start: ${text}\n`);
    process.exit(1);
  }

  private die(what: string, error: unknown): void {
    if (this.isDying) return;
    this.isDying = true;
    const { service } = this;
    if (service === undefined) return this.fail(error);
    service.platform.telemetry.logger.fatal({ err: error }, what);
    setTimeout(() => process.exit(1), LAST_WISH_MS);
    service.platform.ports.deregister().then(
      () => process.exit(1),
      () => process.exit(1),
    );
  }
}

/** Tells whoever started the process, and whoever reads the log, where the service is. */
function announce({ platform, grpcPort, httpPort }: RunningService): void {
  const { service, instanceId: id, incarnation } = platform.identity;
  const where = { grpc: grpcPort, http: httpPort };
  platform.telemetry.logger.info({ event: 'service.ready', ...where, pid: process.pid, incarnation }, 'ready');
  process.send?.({ type: 'ready', service, id, incarnation, pid: process.pid, ...where });
}
