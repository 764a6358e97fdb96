import { Database, eventStoreMigrations, migrate } from '@rookery/postgres';

import type { Cast } from '../cast.js';
import { startServer } from './bench-server.js';

/** A database that is the bench's own, on the server of DATABASE_URL or else on one of its own; it is dropped when the bench is over. */
export async function createDatabase(cast: Cast): Promise<URL> {
  const given = process.env['DATABASE_URL'] ?? '';
  const url = new URL(given === '' ? await startServer(cast) : given);
  const server = new Database({ url: url.href, applicationName: 'rookery-bench' });
  const name = `rookery_bench_${process.pid}_${Date.now()}`;
  await server.execute({ text: `create database ${name}` });
  cast.onStop(async () => {
    await server.execute({ text: `drop database ${name} with (force)` });
    await server.close();
  });
  url.pathname = `/${name}`;
  const database = new Database({ url: url.href, applicationName: 'rookery-bench' });
  await migrate(database, [eventStoreMigrations]);
  await database.close();
  return url;
}
