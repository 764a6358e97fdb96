import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '@rookery/testkit';
import pg from 'pg';

const program = fileURLToPath(new URL('../src/joint.mjs', import.meta.url));

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rookery-joint-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** As a process of a run does: its connection is what tells that it lives. */
async function arrive(socket: string): Promise<{ url: string; leave: () => void }> {
  const env = { PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'], JOINT_SOCKET: socket };
  spawn(process.execPath, [program], { env, detached: true, stdio: 'ignore' }).unref();
  for (;;) {
    const connection = createConnection(socket);
    const said = await new Promise<string | undefined>((resolve) => {
      connection.once('data', (data) => resolve(data.toString()));
      connection.on('error', () => resolve(undefined));
    });
    if (said !== undefined) {
      return { url: (JSON.parse(said) as { url: string }).url, leave: () => connection.destroy() };
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
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
    const socket = join(folder, 'socket');
    const [first, second] = await Promise.all([arrive(socket), arrive(socket)]);
    expect(second.url).toBe(first.url);
    first.leave();
    expect(await serves(first.url)).toBe(true);
    second.leave();
    await until('it has taken its socket and folder away', () => !existsSync(folder));
    expect(await serves(first.url)).toBe(false);
  });
});
