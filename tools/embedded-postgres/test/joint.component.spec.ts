import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join as pathOf } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until, untilFound } from '@rookery/testkit';
import pg from 'pg';

const program = fileURLToPath(new URL('../src/joint.mjs', import.meta.url));

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(pathOf(tmpdir(), 'rookery-joint-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function start(socket: string): ChildProcess {
  const env = { PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'], JOINT_SOCKET: socket };
  return spawn(process.execPath, [program], { env, detached: true, stdio: 'ignore' });
}

/** As a process of a run does: its connection is what tells that it lives. */
function join(socket: string): Promise<{ url: string; leave: () => void }> {
  return untilFound('the server answers', async () => {
    const connection = createConnection(socket);
    const said = await new Promise<string | undefined>((resolve) => {
      connection.once('data', (data) => resolve(data.toString()));
      connection.on('error', () => resolve(undefined));
      connection.once('close', () => resolve(undefined));
    });
    if (said === undefined) return undefined;
    return { url: (JSON.parse(said) as { url: string }).url, leave: () => connection.destroy() };
  });
}

function arrive(socket: string): ReturnType<typeof join> {
  start(socket).unref();
  return join(socket);
}

async function serves(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // The server may end while we ask.
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

describe('a PostgreSQL that several processes share', () => {
  it('is one however many start it at once, and ends with the last of them', async () => {
    const socket = pathOf(folder, 'socket');
    const [first, second] = await Promise.all([arrive(socket), arrive(socket)]);
    expect(second.url).toBe(first.url);
    first.leave();
    expect(await serves(first.url)).toBe(true);
    second.leave();
    await until('it has taken its socket and folder away', () => !existsSync(folder));
    expect(await serves(first.url)).toBe(false);
  });

  it('waits for its first, whoever looked for it and left the work to it', async () => {
    const socket = pathOf(folder, 'socket');
    const starting = start(socket);
    await until('it listens', () => existsSync(socket));
    expect(await once(start(socket), 'exit')).toEqual([0, null]);
    const first = await join(socket);
    expect(await serves(first.url)).toBe(true);
    const end = once(starting, 'exit');
    first.leave();
    expect(await end).toEqual([0, null]);
  });
});
