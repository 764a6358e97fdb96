import { Checkpoints, type LogPosition } from '@rookery/eventsourcing';
import { DomainError } from '@rookery/runtime';
import type { Database } from './database.js';
import type { Statement, Transaction } from './statement.js';

/** Checkpoints in the database in which their readers' effects are; `eventStoreMigrations` make their table. */
export class PostgresCheckpoints extends Checkpoints<Transaction> {
  constructor(private readonly database: Database) {
    super();
  }

  async load(reader: string): Promise<LogPosition | undefined> {
    const { rows } = await this.database.query<LogPosition>({
      name: 'load_checkpoint',
      text: 'select epoch, position from event_store.checkpoints where reader = $1',
      values: [reader],
    });
    return rows[0];
  }

  async advance(
    reader: string,
    from: LogPosition | undefined,
    to: LogPosition,
    effect: (transaction: Transaction) => Promise<void>,
  ): Promise<'advanced' | 'moved-by-another'> {
    try {
      await this.database.transaction(async (transaction) => {
        // First, so that of two readers the later waits here for the other's end, and then does nothing.
        const { count } = await transaction.query(from === undefined ? begin(reader, to) : move(reader, from, to));
        if (count === 0) throw new MovedByAnother();
        await effect(transaction);
      });
      return 'advanced';
    } catch (error) {
      if (error instanceof MovedByAnother) return 'moved-by-another';
      throw error;
    }
  }
}

/** Leaves the transaction, which so is undone. */
class MovedByAnother extends DomainError {
  constructor() {
    super('MOVED_BY_ANOTHER', 'another reader has moved the checkpoint', { kind: 'aborted' });
  }
}

function begin(reader: string, to: LogPosition): Statement {
  return {
    name: 'begin_checkpoint',
    text: `insert into event_store.checkpoints (reader, epoch, position) values ($1, $2, $3) on conflict do nothing`,
    values: [reader, to.epoch, to.position],
  };
}

function move(reader: string, from: LogPosition, to: LogPosition): Statement {
  return {
    name: 'move_checkpoint',
    text: `update event_store.checkpoints set epoch = $4, position = $5, moved_at = now()
            where reader = $1 and epoch = $2 and position = $3`,
    values: [reader, from.epoch, from.position, to.epoch, to.position],
  };
}
