import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../../tools/embedded-postgres/src/joint.mjs', import.meta.url));
const LIMIT_MS = 90_000;
const LOOK_EVERY_MS = 20;

let url: Promise<string> | undefined;

/**
 * The superuser's URL of the one server that all processes of a test run share. The first to ask starts it; it ends with
 * the last process that has asked, however that ends.
 */
export function sharedPostgres(): Promise<string> {
  url ??= find();
  return url;
}

async function find(): Promise<string> {
  const endsAt = performance.now() + LIMIT_MS;
  let starting: ChildProcess | undefined;
  while (performance.now() < endsAt) {
    // Made each time: a server that ends takes its folder along.
    const socket = join(meetingFolder(), 'socket');
    const found = await ask(socket);
    if (found !== undefined) return found;
    if (starting === undefined || starting.exitCode !== null) starting = start(socket);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  throw new Error(`no PostgreSQL after ${LIMIT_MS} ms; node ${program} says why`);
}

/** A run of `npm test` has temporary files of its own, and so a server; other runs in one checkout share one. */
function meetingFolder(): string {
  const word = createHash('sha256').update(program).digest('hex').slice(0, 8);
  const folder = join(tmpdir(), `rookery-${process.getuid?.()}-${word}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid } = lstatSync(folder);
  if (uid !== process.getuid?.()) throw new Error(`${folder} belongs to another user: remove it, or set TMPDIR`);
  return folder;
}

function start(socket: string): ChildProcess {
  // Nothing of ours is inherited: what ends this process or waits for its output must not touch the server of the others.
  const child = spawn(process.execPath, [program], {
    cwd: '/',
    detached: true,
    env: { PATH: process.env['PATH'], TMPDIR: tmpdir(), JOINT_SOCKET: socket },
    stdio: 'ignore',
  });
  child.unref();
  return child;
}

/** Undefined when nobody answers. The connection stays open for as long as this process lives. */
function ask(path: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.on('error', () => resolve(undefined));
    socket.once('close', () => resolve(undefined));
    createInterface({ input: socket })
      .on('error', () => resolve(undefined))
      .once('line', (line) => {
        const { url: found, problem } = JSON.parse(line) as { url?: string; problem?: string };
        if (found === undefined) return reject(new Error(`no PostgreSQL for tests: ${problem}`));
        socket.unref();
        resolve(found);
      });
  });
}
