import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from './atomic-file.js';
import type { ProcessIdentity, ProcessTable } from './process-table.js';

interface Content {
  readonly supervisor: ProcessIdentity;
  readonly children: readonly (ProcessIdentity & { readonly id: string })[];
}

/** Another supervisor is at work in the same folder. */
export class AlreadyRunningError extends Error {
  override readonly name = 'AlreadyRunningError';
}

export interface Leftover {
  /** Ids of processes of the last run that were still there and were ended. */
  readonly ended: readonly string[];
}

/**
 * Remembers in a file who runs, so that the next start finds what a killed supervisor left behind. A pid alone proves
 * nothing, it may belong to somebody else by now; pid and start time together do.
 */
export class RunRecord {
  private readonly file: string;

  constructor(
    directory: string,
    private readonly processes: ProcessTable,
  ) {
    this.file = join(directory, 'processes.json');
  }

  /** Throws `AlreadyRunningError` while the supervisor of the last run is at work. */
  refuseSecond(): void {
    const supervisor = this.read()?.supervisor;
    if (supervisor === undefined || !this.isSame(supervisor)) return;
    throw new AlreadyRunningError(
      `a cluster already runs here (process ${supervisor.pid}): stop it, or set ROOKERY_DIR to another folder`,
    );
  }

  /** Undefined when the last run ended in order. Throws `AlreadyRunningError`. */
  cleanUp(): Leftover | undefined {
    this.refuseSecond();
    const last = this.read();
    if (last === undefined) return undefined;
    const remaining = last.children.filter((child) => this.isSame(child));
    for (const child of remaining) this.processes.kill(child.pid);
    this.remove();
    return { ended: remaining.map(({ id }) => id) };
  }

  write(children: readonly { readonly id: string; readonly pid: number }[]): void {
    const known = children.flatMap(({ id, pid }) => {
      const identity = this.processes.identify(pid);
      return identity === undefined ? [] : [{ ...identity, id }];
    });
    const supervisor = this.processes.identify(process.pid) ?? { pid: process.pid, startedAt: '' };
    writeFileAtomically(this.file, JSON.stringify({ supervisor, children: known } satisfies Content, undefined, 2));
  }

  remove(): void {
    rmSync(this.file, { force: true });
  }

  private isSame(identity: ProcessIdentity): boolean {
    return this.processes.identify(identity.pid)?.startedAt === identity.startedAt;
  }

  private read(): Content | undefined {
    try {
      return JSON.parse(readFileSync(this.file, 'utf8')) as Content;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      // Half a file cannot come from us, who rename it into place: whoever wrote it, it names no process to trust.
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }
}
