import { DomainError } from '@rookery/runtime';
import pg from 'pg';
import { Session } from './session.js';
import { Silence, stoppedAnswering } from './silence.js';
import type { Answer, Statement, Transaction } from './statement.js';
import { unavailable } from './store-failure.js';
import { rowTypes } from './row-types.js';

export interface DatabaseOptions {
  /** `postgres://user:password@host:port/database`, with `sslmode` and the like as PostgreSQL has them. */
  readonly url: string;
  /** What the server shows of us in `pg_stat_activity`. */
  readonly applicationName: string;
  readonly maxConnections?: number;
  /** How long a statement waits for a connection: for a free one, or for a new one. */
  readonly connectTimeoutMs?: number;
  /** How long a statement may take. Half a second later, when the server has not answered, its connection is given up. */
  readonly statementTimeoutMs?: number;
}

const DEFAULTS = { maxConnections: 10, connectTimeoutMs: 5000, statementTimeoutMs: 5000 };
const KEEP_ALIVE_MS = 10_000;
const IDLE_CONNECTION_MS = 30_000;
/** A transaction whose process no longer says anything holds locks and old rows. */
const IDLE_IN_TRANSACTION_MS = 10_000;
/** Each statement sees what was committed before it, whatever the database's default is: an append looks behind its lock. */
const READ_COMMITTED = '-c default_transaction_isolation=read\\ committed';

interface PooledSession {
  readonly session: Session;
  /** Of the silences of the server: a connection from before the last one is not trusted. */
  readonly era: number;
}

/**
 * A service's database. Connects when something is asked, and again after a loss, so that an outage needs no restart. Nobody
 * waits for a server that has stopped answering: who asks hears so at once, until it answers again.
 *
 * Throws `DomainError`s STORE_UNAVAILABLE and STORE_OUTCOME_UNKNOWN; what else PostgreSQL says comes as the driver's error.
 */
export class Database {
  private readonly settings: Required<DatabaseOptions>;
  private readonly pool: pg.Pool;
  private readonly sessions = new WeakMap<pg.Client, PooledSession>();
  private readonly silence = new Silence(() => this.reach());

  constructor(options: DatabaseOptions) {
    this.settings = { ...DEFAULTS, ...options };
    const { maxConnections, statementTimeoutMs } = this.settings;
    this.pool = new pg.Pool({
      ...this.clientSettings(),
      max: maxConnections,
      idleTimeoutMillis: IDLE_CONNECTION_MS,
      statement_timeout: statementTimeoutMs,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    });
    this.pool.on('connect', (client) => {
      const session = new Session(client, statementTimeoutMs, () => this.silence.begin());
      this.sessions.set(client, { session, era: this.silence.era });
    });
    // An idle connection was lost: the pool has dropped it, and the next statement gets another.
    this.pool.on('error', () => undefined);
  }

  get statementTimeoutMs(): number {
    return this.settings.statementTimeoutMs;
  }

  /** A statement that changes nothing. */
  query<Row extends object>(statement: Statement): Promise<Answer<Row>> {
    return this.withSession((session) => session.query<Row>(statement));
  }

  /** A statement that is a transaction of its own. A connection lost behind it is STORE_OUTCOME_UNKNOWN. */
  execute<Row extends object>(statement: Statement): Promise<Answer<Row>> {
    return this.withSession((session) => session.execute<Row>(statement));
  }

  /**
   * Runs `work` in a transaction; what it throws undoes all of it. STORE_OUTCOME_UNKNOWN when the connection was lost while it
   * was being committed.
   */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.withSession((session) => inTransaction(session, work));
  }

  /** Like `transaction`, for statements that may take longer than others. */
  longTransaction<T>(statementTimeoutMs: number, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.withSession((session) => {
      const patient: Transaction = {
        query: (statement) => session.query(statement, statementTimeoutMs),
        script: (text) => session.script(text, statementTimeoutMs),
      };
      return inTransaction(session, async () => {
        await session.query({ text: `set local statement_timeout = ${Math.ceil(statementTimeoutMs)}` });
        return work(patient);
      });
    });
  }

  /** A connection beside the pool, for what belongs to a session. `idleTimeoutMs`: the server ends it after such a silence. */
  async dedicated(options: { readonly idleTimeoutMs: number; readonly statementTimeoutMs: number }): Promise<Session> {
    const client = new pg.Client({
      ...this.clientSettings(),
      statement_timeout: options.statementTimeoutMs,
      options: `${READ_COMMITTED} -c idle_session_timeout=${Math.ceil(options.idleTimeoutMs)}`,
    });
    const session = new Session(client, options.statementTimeoutMs);
    try {
      await client.connect();
      return session;
    } catch (error) {
      session.close();
      throw unavailable('no connection', error);
    }
  }

  /** Waits for what is running. Statements from then on are refused. */
  async close(): Promise<void> {
    this.silence.close();
    await this.pool.end();
  }

  private clientSettings(): pg.ClientConfig {
    const { applicationName, connectTimeoutMs, url } = this.settings;
    return {
      connectionString: url,
      application_name: applicationName,
      options: READ_COMMITTED,
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      types: rowTypes,
    };
  }

  private async withSession<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const { client, session } = await this.checkOut();
    try {
      return await work(session);
    } finally {
      client.release(session.lost.aborted);
    }
  }

  private async checkOut(): Promise<{ readonly client: pg.PoolClient; readonly session: Session }> {
    for (;;) {
      if (this.silence.isOn) {
        // In another turn: whoever tries again and again must not keep this process from hearing of the end of the silence.
        await new Promise(setImmediate);
        throw stoppedAnswering();
      }
      const client = await this.silence
        .unlessItBegins(this.pool.connect(), (late) => late.release())
        .catch((error: unknown) => this.unreachable(error));
      const pooled = this.sessions.get(client);
      if (pooled === undefined) throw new Error('the pool gave out a connection that it had not opened');
      if (pooled.era === this.silence.era) return { client, session: pooled.session };
      client.release(true);
    }
  }

  private unreachable(error: unknown): never {
    // A silence began meanwhile: what was asked for before it tells nothing new.
    if (error instanceof DomainError) throw error;
    // A full pool says nothing about the server, and a refusal is an answer.
    const isFull = this.pool.totalCount >= this.settings.maxConnections;
    if (!isFull && !(error instanceof pg.DatabaseError)) this.silence.begin();
    throw unavailable('no connection', error);
  }

  private async reach(): Promise<void> {
    const { statementTimeoutMs } = this;
    (await this.dedicated({ idleTimeoutMs: IDLE_CONNECTION_MS, statementTimeoutMs })).close();
  }
}

async function inTransaction<T>(session: Session, work: (transaction: Transaction) => Promise<T>): Promise<T> {
  await session.query({ text: 'begin' });
  let result: T;
  try {
    result = await whileConnected(session, work);
  } catch (error) {
    await rollBack(session);
    // What the session threw says already what it means, and what `work` threw of its own is none of the store's.
    throw error;
  }
  // PostgreSQL answers so when a statement had failed and `work` went on as if it had not.
  if ((await session.commit()) !== 'COMMIT')
    throw new Error('a statement of the transaction failed, so all was undone');
  return result;
}

/** As `work`; but rejects when the connection is lost, whatever `work` waits for then, and whether it ever ends. */
async function whileConnected<T>(session: Session, work: (transaction: Transaction) => Promise<T>): Promise<T> {
  let onLost = (): void => undefined;
  const lost = new Promise<never>((_resolve, reject) => {
    onLost = () => reject(unavailable('the connection was lost', session.lost.reason));
    session.lost.addEventListener('abort', onLost, { once: true });
  });
  try {
    return await Promise.race([work(session), lost]);
  } finally {
    session.lost.removeEventListener('abort', onLost);
  }
}

/** The error that led here counts; where this fails too, the server undoes it by itself. */
async function rollBack(session: Session): Promise<void> {
  if (session.lost.aborted) return;
  await session.query({ text: 'rollback' }).catch(() => session.close());
}
