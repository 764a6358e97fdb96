import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { ServerProblem } from './problem.mjs';

/**
 * Whom the server runs as when we are root, as whom PostgreSQL refuses to run. Undefined: as ourselves.
 *
 * @typedef {{ readonly uid: number, readonly gid: number } | undefined} ServerUser
 */

const CANDIDATES = ['postgres', 'nobody'];

/** The owner of the data if there are any, so that they stay in one hand. @param {string} [data] @returns {ServerUser} */
export function serverUser(data) {
  if (process.geteuid?.() !== 0) return undefined;
  const owner = data === undefined ? undefined : statSync(data, { throwIfNoEntry: false });
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  for (const name of CANDIDATES) {
    const [uid, gid] = [idOf('-u', name), idOf('-g', name)];
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  throw new ServerProblem(
    `PostgreSQL does not run as root, and there is no user ${CANDIDATES.join(' or ')} on this machine: ` +
      'start this as another user, or set DATABASE_URL to a PostgreSQL of your own',
  );
}

/** Whether a test of sh(1) holds for the user, such as `-w`. @param {ServerUser} user @param {string} test @param {string} path */
export const holdsFor = (user, test, path) => spawnSync('test', [test, path], { ...user }).status === 0;

/** @param {'-u' | '-g'} kind @param {string} name */
function idOf(kind, name) {
  const { status, stdout } = spawnSync('id', [kind, name], { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : undefined;
}
