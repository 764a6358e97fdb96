import type { Client, QueryResult } from 'pg';
import type { Answer, Statement, Transaction } from './statement.js';
import { endsSession, storeFailure, unavailable } from './store-failure.js';

/** PostgreSQL ends a statement by itself, with a known outcome; only when it does not is the connection given up. */
const GRACE_MS = 500;

/** One connection, whether of the pool or not. Statements are sent one after the other. */
export class Session implements Transaction {
  private readonly end = new AbortController();

  constructor(
    private readonly client: Client,
    private readonly statementTimeoutMs: number,
    /** Is told when the server has not answered in time, not even to say that it ends the statement. */
    private readonly onSilence: () => void = () => undefined,
  ) {
    // Without a listener the driver's event would end the process.
    client.on('error', (error) => this.end.abort(error));
    client.on('end', () => this.end.abort(new Error('the connection has ended')));
  }

  /** Aborted when the connection is lost or closed. */
  get lost(): AbortSignal {
    return this.end.signal;
  }

  /** A statement that leaves nothing behind when its connection is lost. */
  query<Row extends object>(statement: Statement, timeoutMs = this.statementTimeoutMs): Promise<Answer<Row>> {
    return this.answer<Row>(statement, timeoutMs, false);
  }

  /** A statement that is a transaction's last word. */
  execute<Row extends object>(statement: Statement, timeoutMs = this.statementTimeoutMs): Promise<Answer<Row>> {
    return this.answer<Row>(statement, timeoutMs, true);
  }

  async script(text: string, timeoutMs = this.statementTimeoutMs): Promise<void> {
    await this.send({ text }, timeoutMs, false);
  }

  /** The command that ended the transaction: ROLLBACK where PostgreSQL refused to commit. */
  async commit(): Promise<string> {
    return (await this.send({ text: 'commit' }, this.statementTimeoutMs, true)).command;
  }

  onNotification(listener: (payload: string | undefined) => void): void {
    this.client.on('notification', ({ payload }) => listener(payload));
  }

  /** Does not wait for anybody. */
  close(): void {
    this.end.abort(new Error('the connection was closed'));
    // It resolves when the socket is closed and has nothing to say.
    void this.client.end();
  }

  private async answer<Row extends object>(
    statement: Statement,
    timeoutMs: number,
    mayBeDone: boolean,
  ): Promise<Answer<Row>> {
    const { rows, rowCount } = await this.send(statement, timeoutMs, mayBeDone);
    return { rows: rows as Row[], count: rowCount ?? 0 };
  }

  private async send(
    { name, text, values }: Statement,
    timeoutMs: number,
    mayBeDone: boolean,
  ): Promise<QueryResult<object>> {
    if (this.lost.aborted) throw unavailable('the connection was lost', this.lost.reason);
    const callOff = whenOverdue(timeoutMs + GRACE_MS, () => {
      this.onSilence();
      this.close();
    });
    try {
      return await this.client.query<object>({
        text,
        ...(name === undefined ? {} : { name }),
        ...(values === undefined ? {} : { values: [...values] }),
      });
    } catch (error) {
      if (endsSession(error)) this.end.abort(error);
      throw storeFailure(error, mayBeDone);
    } finally {
      callOff();
    }
  }
}

/** Behind what came meanwhile: where this process stood still, it has yet to read the answer. Gives what calls it off. */
function whenOverdue(delayMs: number, task: () => void): () => void {
  let last: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => (last = setImmediate(task)), delayMs);
  return () => {
    clearTimeout(timer);
    clearImmediate(last);
  };
}
