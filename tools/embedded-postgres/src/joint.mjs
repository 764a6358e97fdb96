// One temporary PostgreSQL for several processes, such as the workers of a test run: each connects to the Unix socket
// that JOINT_SOCKET names, reads { url } from it and keeps the connection. The server ends with the last of them, also
// when they are killed. Who finds somebody else at the socket leaves the work to them, and says that it is none of the users.
import { rmdirSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { dirname } from 'node:path';
import { EmbeddedServer } from './embedded-server.mjs';
import { temporaryFolder } from './folders.mjs';
import { codeOf } from './problem.mjs';

/** Whoever started this comes at once. */
const FIRST_COMES_WITHIN_MS = 15_000;

const socketPath = process.env['JOINT_SOCKET'] ?? '';
/** What somebody says who only looked whether there is a server. */
const ONLY_LOOKING = 'only looking';

/** @type {Set<import('node:net').Socket>} */
const users = new Set();
/** The first user is still to come. */
let isAwaited = true;
/** @type {string | undefined} */
let answer;
/** @type {EmbeddedServer | undefined} */
let postgres;
/** @type {Promise<void>} */
let started = Promise.resolve();

const sockets = createServer((user) => {
  users.add(user);
  user.on('error', () => undefined); // Its end follows, and that is what counts.
  let isUser = true;
  user.on('data', () => (isUser = false));
  user.once('close', () => {
    users.delete(user);
    if (isUser) isAwaited = false;
    if (users.size === 0 && !isAwaited) end();
  });
  if (answer !== undefined) user.write(answer);
});
const patience = setTimeout(() => {
  isAwaited = false;
  if (users.size === 0) end();
}, FIRST_COMES_WITHIN_MS);

sockets.on('error', (error) => {
  if (codeOf(error) !== 'EADDRINUSE') throw error;
  const other = connect(socketPath, () => other.resume().end(ONLY_LOOKING));
  other.once('close', (hasFailed) => {
    if (!hasFailed) process.exit(0);
  });
  other.once('error', () => {
    rmSync(socketPath, { force: true }); // Left behind by one that was killed.
    sockets.listen(socketPath);
  });
});
sockets.on('listening', () => {
  started = start();
});
sockets.listen(socketPath);

async function start() {
  try {
    postgres = new EmbeddedServer(temporaryFolder());
    await postgres.start({ onEnd: () => process.exit(1) });
    tell({ url: postgres.url });
  } catch (error) {
    postgres = undefined;
    tell({ problem: error instanceof Error ? error.message : String(error) });
  }
}

/** @param {{ url: string } | { problem: string }} told */
function tell(told) {
  answer = `${JSON.stringify(told)}\n`;
  for (const user of users) user.write(answer);
}

function end() {
  clearTimeout(patience);
  // Closing takes the socket's file away: whoever comes now starts another.
  sockets.close();
  void started
    .then(() => postgres?.stop(0))
    .then(leaveFolder)
    .then(() => process.exit(0));
}

function leaveFolder() {
  try {
    rmdirSync(dirname(socketPath));
  } catch {
    // The next one is there already, or the whole run's folder is gone.
  }
}
