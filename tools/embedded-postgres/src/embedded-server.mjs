import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { dataOf, passwordOf, prepareData, SUPERUSER } from './data-folder.mjs';
import { nativeFolder } from './native-files.mjs';
import { ServerProblem } from './problem.mjs';
import { reclaim, recordServer, within } from './server-record.mjs';
import { watch } from './watchdog.mjs';

/** @typedef {import('./folders.mjs').ServerFolder} ServerFolder */
/** @typedef {{ process: import('node:child_process').ChildProcess, pid: number, dismiss: () => void }} Running */

const HOST = '127.0.0.1';
/** Below the ports that systems hand out for outgoing connections, so that the port is still free after a restart. */
const PORTS = { from: 20_000, count: 10_000 };
const START_LIMIT_MS = 60_000;
const ATTEMPTS = 10;
const MAX_CONNECTIONS = 200;
const STOP_LIMITS = /** @type {const} */ ([
  ['SIGQUIT', 1000],
  ['SIGKILL', 2000],
]);

/** One PostgreSQL server on loopback, in a folder of its own. */
export class EmbeddedServer {
  port = 0;
  /** @type {Running | undefined} */
  #running;
  #isReady = false;
  #isStopping = false;

  /** @param {ServerFolder} folder */
  constructor(folder) {
    this.folder = folder;
  }

  /** The superuser at the database that is always there. */
  get url() {
    return `postgres://${SUPERUSER}:${passwordOf(this.folder)}@${HOST}:${this.port}/postgres`;
  }

  get pid() {
    return this.#running?.pid;
  }

  /**
   * Resolves when the server takes connections; port 0 takes a free one. `onEnd` hears of an end that nobody asked for.
   *
   * @param {{ port?: number, onEnd: (lastWords: string) => void }} options
   */
  async start({ port = 0, onEnd }) {
    try {
      await this.#start(port, onEnd);
    } catch (error) {
      this.#removeTemporary();
      throw error;
    }
  }

  /** @param {number} port @param {(lastWords: string) => void} onEnd */
  async #start(port, onEnd) {
    const native = nativeFolder(this.folder.user);
    await reclaim(this.folder);
    await prepareData(this.folder, native);
    for (let attempt = 1; ; attempt++) {
      this.port = port === 0 ? await freePort() : port;
      const running = this.#spawn(native, onEnd);
      if (await this.#untilReady(running)) return;
      const words = this.lastWords();
      // Processes of a server that was killed may live for a moment longer than it.
      if (/is still in use/.test(words) && attempt < ATTEMPTS) await new Promise((resolve) => setTimeout(resolve, 500));
      else if (!/could not create any TCP/.test(words)) throw new ServerProblem(`PostgreSQL did not start: ${words}`);
      else if (port !== 0) throw new ServerProblem(`port ${port} of ${HOST} is in use by another process`);
      else if (attempt === ATTEMPTS) throw new ServerProblem(`no free port was found on ${HOST}`);
    }
  }

  /** In order: sessions are ended, what was written is kept, and the next start has nothing to recover. @param {number} limitMs */
  async stop(limitMs) {
    this.#isStopping = true;
    const running = this.#running;
    if (running !== undefined) {
      const ended = new Promise((resolve) => running.process.once('exit', resolve));
      // What is removed afterwards need not be written first.
      running.process.kill(this.folder.isTemporary ? 'SIGQUIT' : 'SIGINT');
      const timers = STOP_LIMITS.map(([signal, afterMs]) =>
        setTimeout(() => running.process.kill(signal), limitMs + afterMs),
      );
      await ended;
      for (const timer of timers) clearTimeout(timer);
    }
    this.#removeTemporary();
  }

  /** What the server said in the end, for people. */
  lastWords() {
    const lines = readFileSync(this.#log, 'utf8').trim().split('\n');
    const telling = lines.filter((line) => /\b(FATAL|PANIC|DETAIL|HINT|could not)\b/.test(line));
    return (telling.length > 0 ? telling : lines).slice(-4).join(' ');
  }

  get #log() {
    return join(this.folder.path, 'log');
  }

  #removeTemporary() {
    if (!this.folder.isTemporary) return;
    // Processes of a server that was ended at once may write for a moment longer.
    rmSync(this.folder.path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  /** @param {string} native @param {(lastWords: string) => void} onEnd @returns {Running} */
  #spawn(native, onEnd) {
    const { path, user, isTemporary } = this.folder;
    const data = dataOf(this.folder);
    // A file, not a pipe: the server outlives us by moments when we are killed.
    const log = openSync(this.#log, 'w', 0o600);
    const child = spawn(join(native, 'bin/postgres'), ['-D', data, ...this.#settings()], {
      ...user,
      cwd: path,
      // A session of its own: Ctrl-C in a terminal is meant for whoever started us.
      detached: true,
      env: { PATH: process.env['PATH'], LC_ALL: 'C' },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    const pid = child.pid ?? 0;
    const running = { process: child, pid, dismiss: watch(pid, data, isTemporary ? path : undefined) };
    this.#running = running;
    recordServer(this.folder, pid);
    child.once('exit', () => {
      running.dismiss();
      this.#running = undefined;
      if (!this.#isReady || this.#isStopping) return;
      const words = this.lastWords();
      this.#removeTemporary();
      onEnd(words);
    });
    return running;
  }

  #settings() {
    // Only what is kept must have reached the disk.
    const disk = this.folder.isTemporary ? { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' } : {};
    const settings = {
      listen_addresses: HOST,
      port: this.port,
      unix_socket_directories: '',
      max_connections: MAX_CONNECTIONS,
      timezone: 'UTC',
      log_timezone: 'UTC',
      log_checkpoints: 'off',
      // Statements that fail are the business of who sent them.
      log_min_messages: 'fatal',
      ...disk,
    };
    return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  }

  /** False when the server has ended instead. @param {Running} running */
  async #untilReady({ process: child, pid }) {
    const lock = join(dataOf(this.folder), 'postmaster.pid');
    const isReady = () => {
      const [owner, , , , , , , state] = readIfThere(lock).split('\n');
      return Number(owner) === pid && state?.trim() === 'ready';
    };
    const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
    if (!(await within(START_LIMIT_MS, () => isReady() || hasEnded()))) {
      child.kill('SIGKILL');
      throw new Error(`PostgreSQL is not ready after ${START_LIMIT_MS / 1000} s: ${this.lastWords()}`);
    }
    this.#isReady = !hasEnded();
    return this.#isReady;
  }
}

/** @param {string} file */
function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // Not written yet.
  }
}

/** @returns {Promise<number>} */
async function freePort() {
  for (;;) {
    const port = PORTS.from + Math.floor(Math.random() * PORTS.count);
    const isFree = await new Promise((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(false));
      server.listen({ port, host: HOST, exclusive: true }, () => server.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}
