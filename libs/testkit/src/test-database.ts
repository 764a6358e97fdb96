import { randomBytes } from 'node:crypto';
import { query } from './query.js';
import { sharedPostgres } from './shared-postgres.js';

export interface TestDatabase {
  /** Of the database, as its owner, who is a superuser too. */
  readonly url: string;
  /** Ends its sessions and removes it. */
  drop(): Promise<void>;
}

/**
 * A new, empty database on a real PostgreSQL that came with npm. All databases of a test run are on one server, which does
 * not wait for the disk and is gone after the run.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const server = await sharedPostgres();
  const name = `test_${randomBytes(8).toString('hex')}`;
  await query(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const drop = async (): Promise<void> => void (await query(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  return { url: url.href, drop };
}
