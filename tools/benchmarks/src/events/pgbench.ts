import { execFile } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

import { Database } from '@rookery/postgres';

import type { Cast } from '../cast.js';
import { ORDER_PLACED } from '../participants/events/order-placed.js';
import type { Subject } from '../rounds.js';
import type { Sample } from '../series.js';
import { quantile } from '../statistics.js';

const run = promisify(execFile);

/** Of the events' table: the same columns and keys. A sequence gives the positions. */
const TABLE = `
  create table single_rows (like event_store.events including indexes);
  create sequence positions;
  alter table single_rows alter position set default nextval('positions')`;
/** As many streams as rows, as in the other subjects. */
const SCRIPT = `
\\set id random(1, 9000000000000000000)
insert into single_rows (version, recorded_at, schema, stream, category, type, data, metadata)
values (1, clock_timestamp(), 1, 'order-' || :id, 'order', 'OrderPlaced',
        '${JSON.stringify(ORDER_PLACED.event)}', '${JSON.stringify(ORDER_PLACED.metadata)}');
`;

/** It has a connection for each of its clients, and the server lets in so many and no more. */
const ROOM = "select current_setting('max_connections')::int as connections";
const CONNECTIONS_OF_OTHERS = 20;
const CONNECTED_PER_SECOND = 32;

/** PostgreSQL's own load generator, which writes one row in each transaction. */
export async function pgbenchSubject(cast: Cast, url: URL): Promise<Subject> {
  const program = findPgbench();
  const database = new Database({ url: url.href, applicationName: 'rookery-bench' });
  await database.transaction((transaction) => transaction.script(TABLE));
  const { rows } = await database.query<{ connections: number }>({ text: ROOM });
  await database.close();
  const folder = mkdtempSync(join(tmpdir(), 'rookery-bench-'));
  cast.onStop(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'insert.sql'), SCRIPT);
  const room = (rows[0]?.connections ?? 0) - CONNECTIONS_OF_OTHERS;
  return {
    name: 'pgbench',
    measure: (concurrency = 1, millis) => measure({ program, folder, url }, Math.min(concurrency, room), millis),
  };
}

interface Pgbench {
  readonly program: string;
  readonly folder: string;
  readonly url: URL;
}

/** It knows whole seconds only, and its time runs while it connects, which its figures leave out. */
async function measure({ folder, program, url }: Pgbench, concurrency: number, millis: number): Promise<Sample> {
  const seconds = Math.ceil(millis / 1000 + concurrency / CONNECTED_PER_SECOND);
  const load = `-n -M prepared -j 1 -c ${concurrency} -T ${seconds} -l -f insert.sql`;
  const { stdout } = await run('sh', ['-c', `"$0" ${load} 2>&1 && times`, program], {
    cwd: folder,
    env: { ...process.env, ...environmentOf(url) },
  });
  const tps = /^tps = ([\d.]+)/m.exec(stdout)?.[1];
  if (tps === undefined) throw new Error(`pgbench said no tps: ${stdout}`);
  const latencies = takeLatencies(folder);
  return {
    perSecond: Number(tps),
    cpuMicros: childMicros(stdout) / latencies.length,
    p50Millis: quantile(latencies, 0.5) / 1000,
    p99Millis: quantile(latencies, 0.99) / 1000,
    parts: {},
  };
}

/** In µs, sorted. Each line of a log is of one transaction: client, number, latency and more. */
function takeLatencies(folder: string): Float64Array {
  const logs = readdirSync(folder).filter((name) => name.startsWith('pgbench_log'));
  const lines = logs.flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n'));
  for (const name of logs) rmSync(join(folder, name));
  return Float64Array.from(lines, (line) => Number(line.split(' ')[2])).sort();
}

/** The shell's last line: user and system time of what it has run. */
function childMicros(output: string): number {
  const times =
    output
      .trim()
      .split('\n')
      .at(-1)
      ?.matchAll(/(\d+)m([\d.]+)s/g) ?? [];
  return [...times].reduce((sum, [, minutes, seconds]) => sum + (Number(minutes) * 60 + Number(seconds)) * 1e6, 0);
}

function environmentOf(url: URL): Record<string, string> {
  return {
    PGHOST: url.hostname,
    PGPORT: url.port || '5432',
    PGUSER: decodeURIComponent(url.username),
    PGPASSWORD: decodeURIComponent(url.password),
    PGDATABASE: url.pathname.slice(1),
  };
}

function findPgbench(): string {
  const onPath = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'pgbench'));
  const found = [...onPath, ...globSync('/usr/lib/postgresql/*/bin/pgbench').reverse()].find((file) =>
    existsSync(file),
  );
  if (found !== undefined) return found;
  throw new Error('pgbench is not installed: apt-get install postgresql-15, or the package of another version');
}
