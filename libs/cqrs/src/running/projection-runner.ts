import { type Checkpoints, type EventStore, type Follower, LogReader, Pause } from '@rookery/eventsourcing';
import { type Database, migrate, type Transaction } from '@rookery/postgres';
import type { Clock, Scheduler } from '@rookery/runtime';
import { type Projection, schemaOf } from './projection.js';

export interface ProjectionRunnerParts {
  readonly projection: Projection;
  readonly database: Database;
  readonly store: EventStore;
  readonly checkpoints: Checkpoints<Transaction>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly report: (error: unknown) => void;
}

/** A generation may be filled by another instance; how far it is says the checkpoint. */
const LOOK_MS = 250;
/** Events behind the end of the log that nobody notices. */
const CLOSE_ENOUGH = 100;
/** So far behind the end of a busy log the checkpoint may stand while all that it has passed over concerns somebody else. */
const MOST_PASSED_OVER = 20_000;

/** Keeps the read model of one projection up to date. */
export class ProjectionRunner implements Follower {
  readonly name: string;
  private readonly reader: LogReader<Transaction>;
  private readonly schema: string;
  /** Said once for each outage, not for each look. */
  private isFailureReported = false;

  constructor(private readonly parts: ProjectionRunnerParts) {
    const { projection } = parts;
    this.schema = schemaOf(projection);
    this.name = `projection ${projection.name} ${projection.generation}`;
    this.reader = new LogReader({
      ...{ ...parts, reader: this.schema, sources: projection.sources },
      apply: async (events, transaction) => {
        await this.enter(transaction);
        await projection.apply(events, transaction);
      },
    });
  }

  /** Positions of the log that are not in the read model yet, as of the last look of this instance. */
  get lag(): number {
    return this.reader.lag;
  }

  /** Makes the tables when they are not there. To be called by each instance, before anybody reads. */
  async create(): Promise<void> {
    const { database, projection } = this.parts;
    const migrations = [{ number: 1, name: 'tables', sql: projection.tables }];
    await migrate(database, [{ namespace: this.schema, migrations }]);
  }

  follow(signal: AbortSignal, wentWell: () => void): Promise<void> {
    return this.reader.follow(signal, wentWell);
  }

  /** Settles when the read model, whichever instance fills it, has all that was in the log a moment ago; or when aborted. */
  async caughtUp(signal: AbortSignal): Promise<void> {
    const pause = new Pause(this.parts.scheduler, signal);
    while (!signal.aborted && !(await this.isCloseEnough())) await pause.wait(LOOK_MS);
  }

  private async isCloseEnough(): Promise<boolean> {
    try {
      const isThere = await this.lacksLittle();
      this.isFailureReported = false;
      return isThere;
    } catch (error) {
      if (!this.isFailureReported) this.parts.report(error);
      this.isFailureReported = true;
      return false;
    }
  }

  private async lacksLittle(): Promise<boolean> {
    const { checkpoints, projection, store } = this.parts;
    const after = await checkpoints.load(this.schema);
    const { head } = await store.readLog({ after, limit: 0 });
    const behind = head - (after?.position ?? 0);
    if (behind <= CLOSE_ENOUGH) return true;
    if (behind > MOST_PASSED_OVER) return false;
    const categories = projection.sources.map(({ name }) => name);
    const { events } = await store.readLog({ after, limit: behind, categories });
    return events.length <= CLOSE_ENOUGH;
  }

  private enter(transaction: Transaction): Promise<void> {
    return transaction.script(`set local search_path to ${this.schema}`);
  }
}
