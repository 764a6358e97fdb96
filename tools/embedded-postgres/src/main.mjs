// PostgreSQL as a process of whoever starts this, by the channel of Node's child processes. Both end together.
// POSTGRES_DIR (keeps the data; without it they are temporary), POSTGRES_PORT (0, the default, takes a free one),
// DATABASE_URLS (a JSON array: databases to make, each with its role). Tells { type: 'ready', … url } when it can be used.
import { provideDatabases } from './databases.mjs';
import { EmbeddedServer } from './embedded-server.mjs';
import { keptFolder, temporaryFolder } from './folders.mjs';
import { EXIT_CONFIG, ServerProblem } from './problem.mjs';

const STOP_LIMIT_MS = 4000;
/** A starter that is gone grants less: crash recovery at the next start is better than being killed. */
const ORPHAN_LIMIT_MS = 1000;

const { directory, port, urls } = readEnvironment(process.env);

try {
  const server = new EmbeddedServer(directory === '' ? temporaryFolder() : keptFolder(directory));
  /** @type {Promise<void> | undefined} */
  let started;
  /** @type {Promise<void> | undefined} */
  let stopping;
  const stop = (/** @type {number} */ limitMs) => {
    // What has begun to start is stopped when it has: half a start would leave a server that nobody knows.
    stopping ??= Promise.resolve(started)
      .catch(() => undefined)
      .then(() => server.stop(limitMs));
    stopping.then(() => process.exit(0), fail);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
    process.on(signal, () => stop(process.channel ? STOP_LIMIT_MS : ORPHAN_LIMIT_MS));
  }
  process.once('disconnect', () => stop(ORPHAN_LIMIT_MS));
  started = server.start({ port, onEnd: (words) => fail(new Error(`PostgreSQL ended: ${words}`)) });
  await started;
  await provideDatabases(server.url, urls);
  log(`PostgreSQL at 127.0.0.1:${server.port}, in ${server.folder.path}`);
  const { pid } = process;
  process.send?.({ type: 'ready', service: 'postgres', id: 'postgres', pid, url: server.url, server: server.pid });
} catch (error) {
  fail(error);
}

/** @param {NodeJS.ProcessEnv} environment */
function readEnvironment({ POSTGRES_DIR = '', POSTGRES_PORT = '0', DATABASE_URLS = '[]' }) {
  const port = Number(POSTGRES_PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    fail(new ServerProblem(`POSTGRES_PORT is "${POSTGRES_PORT}": it must be a whole number from 0 to 65535`));
  }
  const urls = /** @type {string[]} */ (JSON.parse(DATABASE_URLS));
  return { directory: POSTGRES_DIR, port, urls };
}

/** @param {string} msg */
function log(msg) {
  process.stdout.write(`${JSON.stringify({ level: 'info', time: Date.now(), msg })}\n`);
}

/** @param {unknown} error @returns {never} */
function fail(error) {
  process.stderr.write(`postgres: ${error instanceof Error ? error.message : String(error)}\n`);
  // The server goes too: its watchdog sees us end.
  process.exit(error instanceof ServerProblem ? EXIT_CONFIG : 1);
}
