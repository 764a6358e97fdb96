import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Room for an empty PostgreSQL with a few segments of its log. */
const SIZE = '128m';

/** A file system that is soon full, as a folder; undefined where none may be mounted. It goes when this process ends. */
export function mountSmallDisk() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'rookery-small-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    // Root of a container without the right to mount.
    rmdirSync(folder);
    return undefined;
  }
  process.once('exit', () => {
    execFileSync('umount', ['--lazy', folder], { stdio: 'ignore' });
    rmdirSync(folder);
  });
  return folder;
}
