import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';

/**
 * A pid proves nothing, it may belong to somebody else by now; pid and start together do.
 *
 * @typedef {{ pid: number, startedAt: string }} ProcessIdentity
 */

/** Position in /proc/<pid>/stat behind the name (proc(5): field 22). */
const START_TIME = 19;

/** Undefined when there is no such process, or only one that has ended. @param {number} pid @returns {ProcessIdentity | undefined} */
export function identify(pid) {
  const startedAt = process.platform === 'linux' ? linuxStart(pid) : psField(pid, 'lstart');
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/** @param {ProcessIdentity | undefined} identity */
export const isAlive = (identity) => identity !== undefined && identify(identity.pid)?.startedAt === identity.startedAt;

/** Whether the process may be a PostgreSQL server on the data folder: servers work in theirs. @param {number} pid @param {string} data */
export function mayServe(pid, data) {
  if (process.platform !== 'linux') return psField(pid, 'comm')?.includes('postgres') === true;
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === data;
  } catch {
    return false; // Gone, or a user's that is not ours, and then it could not have written into our folder.
  }
}

/** @param {number} pid */
function linuxStart(pid) {
  const stat = readIfThere(`/proc/${pid}/stat`);
  // The name stands in brackets and may itself hold spaces and brackets.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  const start = fields?.[0] === 'Z' ? undefined : fields?.[START_TIME];
  return start === undefined ? undefined : `${readIfThere('/proc/sys/kernel/random/boot_id')?.trim()}:${start}`;
}

/** @param {string} path */
function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // The process ended, or the kernel does not tell: both mean that nothing is known.
  }
}

/** @param {number} pid @param {string} field */
function psField(pid, field) {
  try {
    const text = execFileSync('ps', ['-o', `${field}=`, '-p', String(pid)], { encoding: 'utf8' }).trim();
    return text === '' ? undefined : text;
  } catch {
    return undefined; // ps ends with 1 when there is no such process.
  }
}
