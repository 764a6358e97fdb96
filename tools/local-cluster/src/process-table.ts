import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What tells two processes with the same pid apart. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in a form that only compares: the same text means the same start on the same boot. */
  readonly startedAt: string;
}

/** The processes of this machine. */
export abstract class ProcessTable {
  /** Undefined when there is no such process. */
  abstract identify(pid: number): ProcessIdentity | undefined;
  abstract kill(pid: number): void;
}

/** Reads /proc on Linux and asks `ps` elsewhere. */
export class SystemProcessTable extends ProcessTable {
  identify(pid: number): ProcessIdentity | undefined {
    const startedAt = process.platform === 'linux' ? linuxField(pid, START_TIME) : psField(pid, 'lstart');
    return startedAt === undefined ? undefined : { pid, startedAt: `${bootId()}${startedAt}` };
  }

  kill(pid: number): void {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** Position in /proc/<pid>/stat behind the name (proc(5): field 22). */
const START_TIME = 19;

function linuxField(pid: number, index: number): string | undefined {
  const stat = readIfThere(`/proc/${pid}/stat`);
  // The name stands in brackets and may itself hold spaces and brackets.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields?.[0] === 'Z' ? undefined : fields?.[index];
}

function bootId(): string {
  return process.platform === 'linux' ? `${(readIfThere('/proc/sys/kernel/random/boot_id') ?? '').trim()}:` : '';
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // The process ended, or the kernel does not tell: both mean that nothing is known.
  }
}

function psField(pid: number, field: string): string | undefined {
  try {
    const text = execFileSync('ps', ['-o', `${field}=`, '-p', String(pid)], { encoding: 'utf8' }).trim();
    return text === '' ? undefined : text;
  } catch {
    return undefined; // ps ends with 1 when there is no such process.
  }
}
