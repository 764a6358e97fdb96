import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Election, EventStore } from '@rookery/eventsourcing';
import { Database, PostgresElection, PostgresEventStore } from '@rookery/postgres';

/** Closes what the service keeps its events in, behind all that uses it. */
@Injectable()
export class ServiceStorage implements OnApplicationShutdown {
  constructor(
    private readonly database: Database,
    private readonly election: Election,
    private readonly store: EventStore,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    if (this.election instanceof PostgresElection) this.election.close();
    if (this.store instanceof PostgresEventStore) await this.store.close();
    await this.database.close();
  }
}
