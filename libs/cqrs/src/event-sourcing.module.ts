import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { Checkpoints, Election, EventStore, Timers } from '@rookery/eventsourcing';
import {
  Database,
  type MigrationSet,
  PostgresCheckpoints,
  PostgresElection,
  PostgresEventStore,
  PostgresTimers,
} from '@rookery/postgres';
import { Clock, Random, Scheduler } from '@rookery/runtime';
import { ServiceIdentity } from '@rookery/service-kit';
import { AggregateChanges } from './aggregate-changes.js';
import { Aggregates } from './aggregates.js';
import { AggregateHosting } from './hosting/aggregate-hosting.js';
import { ReadModels } from './read-models.js';
import { LedTasks } from './running/led-tasks.js';
import { Runners } from './running/runners.js';
import { TaskMetrics } from './running/task-metrics.js';
import { AnswerRetention } from './storage/answer-retention.js';
import { DatabaseConfig } from './storage/database-settings.js';
import { openDatabase, ServiceMigrations } from './storage/open-database.js';
import { ServiceStorage } from './storage/service-storage.js';

export interface EventSourcingOptions {
  /** The service's settings, with `databaseSettings` among them. */
  readonly config: Type<DatabaseConfig>;
  /** Tables of the service's own. */
  readonly migrations?: readonly MigrationSet[];
}

/** Commands, queries and events of a service of the kit, on a PostgreSQL of its own. */
@Module({})
export class EventSourcingModule {
  /** Once, in the app's module: the buses of `@nestjs/cqrs`, the event store, and the hosts of aggregates. */
  static forRoot({ config, migrations = [] }: EventSourcingOptions): DynamicModule {
    const storage = [
      { provide: DatabaseConfig, useExisting: config },
      { provide: ServiceMigrations, useValue: new ServiceMigrations(migrations) },
      {
        provide: Database,
        inject: [DatabaseConfig, ServiceIdentity, ServiceMigrations, Scheduler],
        useFactory: openDatabase,
      },
      {
        provide: EventStore,
        inject: [Database, Clock, Scheduler],
        useFactory: (database: Database, clock: Clock, scheduler: Scheduler) =>
          PostgresEventStore.open(database, { clock, scheduler }),
      },
      {
        provide: Election,
        inject: [Database, Random, Scheduler],
        useFactory: (database: Database, random: Random, scheduler: Scheduler) =>
          new PostgresElection(database, { random, scheduler }),
      },
      {
        provide: Checkpoints,
        inject: [Database],
        useFactory: (database: Database) => new PostgresCheckpoints(database),
      },
      { provide: Timers, inject: [Database], useFactory: (database: Database) => new PostgresTimers(database) },
    ];
    const own = [AggregateChanges, AggregateHosting, Aggregates, LedTasks, ReadModels, Runners];
    return {
      module: EventSourcingModule,
      global: true,
      imports: [CqrsModule.forRoot(), DiscoveryModule],
      providers: [...storage, ...own, AnswerRetention, ServiceStorage, TaskMetrics],
      exports: [Database, EventStore, Checkpoints, Timers, ...own, CqrsModule],
    };
  }
}
