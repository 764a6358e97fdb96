import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { Database, type DatabaseOptions } from '../database.js';

/** A database on somebody's server that is a test's own. */
export class TestDatabase {
  private readonly opened: Database[] = [];

  private constructor(
    private readonly serverUrl: string,
    readonly name: string,
  ) {}

  /** @param serverUrl leads to any database of the server, as one who may create others */
  static async create(serverUrl: string, template = 'template0'): Promise<TestDatabase> {
    const name = `rookery_test_${randomUUID().replaceAll('-', '')}`;
    await ask(serverUrl, `create database ${name} template ${template}`);
    return new TestDatabase(serverUrl, name);
  }

  get url(): string {
    const url = new URL(this.serverUrl);
    url.pathname = `/${this.name}`;
    return url.href;
  }

  /** Closed by `drop`. */
  open(options: Partial<DatabaseOptions> = {}): Database {
    const database = new Database({ url: this.url, applicationName: this.name, ...options });
    this.opened.push(database);
    return database;
  }

  /** A connection of the driver itself, for what a service does not do; ended by who wants it. */
  async connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.url, application_name: 'a test' });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  /** Ends the connections of an application, by default those that `open` has made, as an administrator would, and says how many. */
  async killConnections(applicationName = this.name): Promise<number> {
    const rows = await ask(
      this.serverUrl,
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = '${applicationName}'`,
    );
    return rows.length;
  }

  async drop(): Promise<void> {
    await Promise.all(this.opened.splice(0).map((database) => database.close()));
    await ask(this.serverUrl, `drop database if exists ${this.name} with (force)`);
  }
}

async function ask(url: string, text: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'a test' });
  await client.connect();
  try {
    return (await client.query<object>(text)).rows;
  } finally {
    await client.end();
  }
}
