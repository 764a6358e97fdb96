import pg from 'pg';

/** The PostgreSQL that DATABASE_URL names cannot serve this cluster. */
export class DatabaseRefusedError extends Error {
  override readonly name = 'DatabaseRefusedError';
}

const LIMIT_MS = 5000;

/**
 * A database for each service on a server that somebody else runs: beside the one that the URL names, called like it with
 * the service's name behind, and made if it is not there. Throws `DatabaseRefusedError`.
 */
export async function givenDatabases(given: string, services: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const url = URL.parse(given);
  const base = decodeURIComponent(url?.pathname.slice(1) ?? '');
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol) || base === '') {
    throw new DatabaseRefusedError(
      'DATABASE_URL must be a URL such as postgres://user:password@127.0.0.1:5432/rookery',
    );
  }
  const databases = new Map(services.map((service) => [service, `${base}_${service}`]));
  try {
    await make(given, [...databases.values()]);
  } catch (error) {
    // The URL holds a password: only its place is told.
    throw new DatabaseRefusedError(`DATABASE_URL: the PostgreSQL at ${url.host} refuses: ${(error as Error).message}`, {
      cause: error,
    });
  }
  return new Map([...databases].map(([service, database]) => [service, urlOf(url, database)]));
}

function urlOf(given: URL, database: string): string {
  const url = new URL(given);
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.href;
}

async function make(given: string, databases: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: given, connectionTimeoutMillis: LIMIT_MS });
  client.on('error', () => undefined); // The query that it breaks is rejected too.
  await client.connect();
  try {
    const { rows } = await client.query<{ datname: string }>('SELECT datname FROM pg_database');
    const known = new Set(rows.map(({ datname }) => datname));
    for (const name of databases.filter((wanted) => !known.has(wanted))) {
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
    }
  } finally {
    await client.end();
  }
}
