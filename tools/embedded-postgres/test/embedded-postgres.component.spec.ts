import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { isAlive, query, until } from '@rookery/testkit';
import pg from 'pg';
import { type Ready, Starter } from './starter.js';

let folder: string;
let starters: Starter[] = [];

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'rookery-embedded-')));
});
afterEach(async () => {
  for (const starter of starters) await starter.kill('SIGTERM');
  starters = [];
});
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));

function started(environment: Readonly<Record<string, string>> = { POSTGRES_DIR: folder }): Starter {
  const starter = new Starter(environment);
  starters.push(starter);
  return starter;
}

function untilGone({ pid, server }: Ready): Promise<void> {
  return until('keeper and server are gone', () => !isAlive(pid) && !isAlive(server));
}

describe('a kept PostgreSQL', () => {
  it('lets in only who knows the password, which its owner alone can read', async () => {
    const { url } = await started().ready;
    const stranger = new URL(url);
    stranger.password = 'guessed';
    await expect(query(stranger.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
    stranger.password = '';
    await expect(query(stranger.href, 'SELECT 1')).rejects.toThrow();
    expect(statSync(join(folder, 'password')).mode & 0o777).toBe(0o600);
    expect(await query(url, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    expect(await query(url, 'SHOW unix_socket_directories')).toEqual([{ unix_socket_directories: '' }]);
  });

  it('has at the next start what was written before', async () => {
    const first = started();
    await query((await first.ready).url, 'CREATE TABLE written AS SELECT 1 AS id');
    await first.kill('SIGTERM');
    expect(await query((await started().ready).url, 'SELECT id FROM written')).toEqual([{ id: 1 }]);
  });

  it('gives each service a database that no other service can connect to', async () => {
    const urls = ['orders', 'stock'].map((name) => `postgres://${name}:${name}-word@127.0.0.1/${name}`);
    const environment = { POSTGRES_DIR: folder, DATABASE_URLS: JSON.stringify(urls) };
    const first = started(environment);
    const at = ({ url }: Ready, role: string, database: string): string =>
      `postgres://${role}:${role}-word@${new URL(url).host}/${database}`;
    await query(at(await first.ready, 'orders', 'orders'), 'CREATE TABLE placed AS SELECT 1 AS id');
    await first.kill('SIGTERM');
    const again = await started(environment).ready;
    expect(await query(at(again, 'orders', 'orders'), 'SELECT id FROM placed')).toEqual([{ id: 1 }]);
    await expect(query(at(again, 'stock', 'orders'), 'SELECT 1')).rejects.toThrow('permission denied');
  });

  it('refuses a second server on its data, and a port that is taken', async () => {
    const { url } = await started().ready;
    const second = started();
    expect(await second.exit).toBe(78);
    expect(second.errors).toMatch(/^postgres: a server already runs on .* \(kept by process \d+\)\n$/);
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const { port } = holder.address() as AddressInfo;
    const third = started({ POSTGRES_PORT: String(port) });
    expect(await third.exit).toBe(78);
    expect(third.errors).toBe(`postgres: port ${port} of 127.0.0.1 is in use by another process\n`);
    holder.close();
  });

  it('ends when whoever started it is killed, and so does one whose keeper is killed', async () => {
    const orphaned = started();
    const first = await orphaned.ready;
    await orphaned.kill('SIGKILL');
    await untilGone(first);
    const second = await started().ready;
    process.kill(second.pid, 'SIGKILL');
    await untilGone(second);
    await started().ready;
  });

  it('recovers what it acknowledged when everything was killed at once, the halted sessions too', async () => {
    const starter = started();
    const ready = await starter.ready;
    const session = new pg.Client({ connectionString: ready.url });
    session.on('error', () => undefined); // It is to break.
    await session.connect();
    const { rows } = await session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await session.query('CREATE TABLE acknowledged AS SELECT 2 AS id');
    for (const pid of [rows[0]?.pid ?? 0, ready.server]) process.kill(pid, 'SIGSTOP');
    process.kill(ready.pid, 'SIGKILL');
    await starter.kill('SIGKILL');
    const again = await started().ready;
    expect(await query(again.url, 'SELECT id FROM acknowledged')).toEqual([{ id: 2 }]);
    expect(isAlive(rows[0]?.pid ?? 0)).toBe(false);
  });

  it('leaves a stranger alone who was given the pid of a server that is gone', async () => {
    const first = started();
    await first.ready;
    await first.kill('SIGTERM');
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1e6)'], { stdio: 'ignore' });
    writeFileSync(join(folder, 'data/postmaster.pid'), `${stranger.pid}\n${join(folder, 'data')}\n1\n1\n\n127.0.0.1\n`);
    const identity = { pid: stranger.pid, startedAt: 'another boot:1' };
    writeFileSync(join(folder, 'server.json'), JSON.stringify({ keeper: identity, server: identity }));
    await started().ready;
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    stranger.kill();
  });

  it('says what is wrong with data that it cannot serve', async () => {
    const first = started();
    await first.ready;
    await first.kill('SIGTERM');
    const file = join(folder, 'data/PG_VERSION');
    const version = readFileSync(file, 'utf8');
    writeFileSync(file, '17\n');
    const refused = started();
    expect(await refused.exit).toBe(78);
    expect(refused.errors).toContain('was initialized by PostgreSQL version 17');
    writeFileSync(file, version);
  });
});

describe('a temporary PostgreSQL', () => {
  it.each(['SIGTERM', 'SIGKILL'] as const)('leaves nothing behind when its starter gets %s', async (signal) => {
    const starter = started({});
    const ready = await starter.ready;
    const [{ data = '' } = {}] = (await query(ready.url, `SELECT current_setting('data_directory') AS data`)) as [
      { data?: string },
    ];
    expect(existsSync(data)).toBe(true);
    await starter.kill(signal);
    await untilGone(ready);
    await until('its folder is gone', () => !existsSync(join(data, '..')));
  });
});
