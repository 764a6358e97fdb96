import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** @typedef {import('./folders.mjs').ServerFolder} ServerFolder */

export const SUPERUSER = 'rookery';

/** @param {ServerFolder} folder */
export const dataOf = ({ path }) => join(path, 'data');

/** @param {ServerFolder} folder */
export const passwordOf = ({ path }) => readFileSync(join(path, 'password'), 'utf8');

/** Makes the data if there are none. What an interrupted start began is begun anew. @param {ServerFolder} folder @param {string} native */
export async function prepareData(folder, native) {
  const { path, user, isTemporary } = folder;
  const data = dataOf(folder);
  if (existsSync(data)) return;
  const draft = join(path, 'draft');
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  const password = join(path, 'password');
  writeFileSync(password, randomBytes(24).toString('base64url'), { mode: 0o600 });
  if (user !== undefined) for (const own of [draft, password]) chownSync(own, user.uid, user.gid);
  const initdb = join(native, 'bin/initdb');
  const flags = [
    ...['--pgdata', draft, '--username', SUPERUSER, '--pwfile', password, '--auth', 'scram-sha-256'],
    // The same order of texts on every machine.
    ...['--encoding', 'UTF8', '--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
    ...['--no-sync', '--no-instructions'],
  ];
  await promisify(execFile)(initdb, flags, { ...user, cwd: path, env: { PATH: process.env['PATH'], LC_ALL: 'C' } });
  renameSync(draft, data);
  // Nothing is in them yet, so nobody has to wait until that is on the disk.
  if (!isTemporary) spawn(initdb, ['--pgdata', data, '--sync-only'], { ...user, cwd: path, stdio: 'ignore' }).unref();
}
