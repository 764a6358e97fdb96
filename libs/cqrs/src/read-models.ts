import { Injectable } from '@nestjs/common';
import { inTime, storeTooSlow } from '@rookery/eventsourcing';
import { type Answer, Database, type Statement } from '@rookery/postgres';
import { currentScope } from '@rookery/rpc';
import { Clock, Scheduler } from '@rookery/runtime';

/** What the projections of this service keep, for the handlers of queries. */
@Injectable()
export class ReadModels {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
  ) {}

  /** As `Database.query`; STORE_UNAVAILABLE a little ahead of the deadline of the call at hand when it takes too long. */
  query<Row extends object>(statement: Statement): Promise<Answer<Row>> {
    const { clock, database, scheduler } = this;
    const tooLate = (): Error => storeTooSlow('a question to a read model');
    return inTime(database.query<Row>(statement), currentScope()?.deadlineAt, { clock, scheduler }, tooLate);
  }
}
