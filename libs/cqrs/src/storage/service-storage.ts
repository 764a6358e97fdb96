import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Database, PostgresElection } from '@rookery/postgres';
import { Election } from '@rookery/eventsourcing';

/** Closes what the service keeps its events in, behind all that uses it. */
@Injectable()
export class ServiceStorage implements OnApplicationShutdown {
  constructor(
    private readonly database: Database,
    private readonly election: Election,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    if (this.election instanceof PostgresElection) this.election.close();
    await this.database.close();
  }
}
