import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmdirSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { codeOf, ServerProblem } from './problem.mjs';
import { holdsFor, serverUser } from './server-user.mjs';

/** @typedef {import('./server-user.mjs').ServerUser} ServerUser */

/** Where all users may have folders that outlive a restart of the machine. */
export const lastingFolder = existsSync('/var/tmp') ? '/var/tmp' : tmpdir();

/**
 * Where a server is at home; `user` owns the data in it.
 *
 * @typedef {{ readonly path: string, readonly user: ServerUser, readonly isTemporary: boolean }} ServerFolder
 */

/** The folder of a server whose data are kept; made if it is not there. @param {string} wanted @returns {ServerFolder} */
export function keptFolder(wanted) {
  const path = resolve(wanted);
  try {
    dropDeadLink(path);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const user = serverUser(join(path, 'data'));
    return { path: reachable(path, user) ?? elsewhere(path, user), user, isTemporary: false };
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error) ?? '')) throw error;
    const message = `${path} belongs to another user or cannot be written to: remove it, or set ROOKERY_DIR to another folder`;
    throw new ServerProblem(message, { cause: error });
  }
}

/** The folder of a server that ends for good. @returns {ServerFolder} */
export function temporaryFolder() {
  const user = serverUser();
  for (const parent of new Set([tmpdir(), lastingFolder])) {
    const path = mkdtempSync(join(parent, 'rookery-postgres-'));
    const given = reachable(path, user);
    if (given !== undefined) return { path: given, user, isTemporary: true };
    rmdirSync(path);
  }
  throw new ServerProblem(
    `neither ${tmpdir()} nor ${lastingFolder} can hold a folder that the server's user can reach`,
  );
}

/** The real path if the user can pass through it to its data; the folder itself stays ours. @param {string} path @param {ServerUser} user */
function reachable(path, user) {
  const real = realpathSync(path);
  if (user === undefined) return holdsFor(user, '-w', real) ? real : undefined;
  chmodSync(real, 0o711);
  return holdsFor(user, '-x', real) ? real : undefined;
}

/** Under a folder that is root's alone no server can run: the data go elsewhere, and a link says where. @param {string} path @param {ServerUser} user */
function elsewhere(path, user) {
  const other = mkdtempSync(join(lastingFolder, 'rookery-postgres-'));
  const given = user === undefined ? undefined : reachable(other, user);
  if (given === undefined || existsSync(join(path, 'data'))) {
    rmdirSync(other);
    throw new ServerProblem(`${path} cannot be reached by the user that the server runs as`);
  }
  rmSync(path, { recursive: true });
  symlinkSync(given, path);
  return given;
}

/** The lasting folder may have been tidied up. @param {string} path */
function dropDeadLink(path) {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true && !existsSync(path)) rmSync(path);
}
