import { Database, eventStoreMigrations, migrate } from '@rookery/postgres';

import type { Cast } from '../cast.js';

/** A database on the server of DATABASE_URL that is the bench's own; it is dropped when the bench is over. */
export async function createDatabase(cast: Cast): Promise<URL> {
  const url = new URL(serverUrl());
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

function serverUrl(): string {
  const url = process.env['DATABASE_URL'];
  if (url !== undefined && url !== '') return url;
  const container = 'docker run --rm -d -p 5432:5432 -e POSTGRES_PASSWORD=rookery postgres';
  throw new Error(
    `DATABASE_URL names no PostgreSQL to measure on: ${container}, and DATABASE_URL=postgres://postgres:rookery@127.0.0.1:5432/postgres`,
  );
}
