import { readFileSync } from 'node:fs';

/** Whether a process of this number exists and has not ended. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // One that we may not signal is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  // One that ended but was not waited for still has a number.
  const stat = readIfThere(`/proc/${pid}/stat`);
  return !stat.slice(stat.lastIndexOf(')')).startsWith(') Z');
}

/** Empty when it is not there. A process may end between a look and a read. */
function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
    throw error;
  }
}
