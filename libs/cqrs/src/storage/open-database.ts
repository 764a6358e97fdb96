import { Logger } from '@nestjs/common';
import { Database, eventStoreMigrations, migrate, type MigrationSet, timerMigrations } from '@rookery/postgres';
import { DomainError, type Scheduler } from '@rookery/runtime';
import { StartError } from '@rookery/service-kit';
import type { ServiceIdentity } from '@rookery/service-kit';
import type { DatabaseConfig } from './database-settings.js';

/** A database that is started together with its services may need so long. */
const START_LIMIT_MS = 60_000;
const RETRY_MS = 500;

/** What the service keeps in its database, beside its events and timers. */
export class ServiceMigrations {
  constructor(readonly sets: readonly MigrationSet[]) {}
}

/**
 * The service's database, brought up to what this code knows. Waits for a server that is not there yet. Throws StartError when
 * that takes too long, or when the database is another than this code can work with.
 */
export async function openDatabase(
  { DATABASE_CONNECTIONS, DATABASE_URL }: DatabaseConfig,
  { instanceId, service }: ServiceIdentity,
  { sets }: ServiceMigrations,
  scheduler: Scheduler,
): Promise<Database> {
  const database = new Database({
    url: DATABASE_URL,
    applicationName: `${service}/${instanceId}`,
    maxConnections: DATABASE_CONNECTIONS,
  });
  const logger = new Logger('Database');
  for (let waitedMs = 0; ; waitedMs += RETRY_MS) {
    try {
      const done = await migrate(database, [eventStoreMigrations, timerMigrations, ...sets]);
      for (const step of done) logger.log(`migrated: ${step}`);
      return database;
    } catch (error) {
      if (!isAway(error) || waitedMs >= START_LIMIT_MS) {
        await database.close();
        throw new StartError(`DATABASE_URL: ${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        });
      }
      if (waitedMs === 0) logger.warn(`waiting for the database: ${error.message}`);
      await new Promise<void>((resolve) => scheduler.timer(RETRY_MS, resolve));
    }
  }
}

function isAway(error: unknown): error is DomainError {
  return error instanceof DomainError && error.kind === 'unavailable';
}
