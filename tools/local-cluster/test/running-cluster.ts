import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { untilFound } from '@rookery/testkit';
import type { ClusterDescription, ClusterInstance } from '../src/cluster-file.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const STOP_LIMIT_MS = 30_000;

export interface ClusterSurroundings {
  readonly script?: string;
  /** Another checkout than this one. */
  readonly workspace?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** `npm start`, without npm, in a folder of its own. */
export class RunningCluster {
  readonly output: string[] = [];
  readonly exit: Promise<number | null>;
  private readonly process: ChildProcess;

  constructor(
    words: readonly string[],
    readonly directory = mkdtempSync(join(tmpdir(), 'rookery-cluster-')),
    { script = 'main', workspace = root, environment = {} }: ClusterSurroundings = {},
  ) {
    const env = { PATH: process.env['PATH'], ROOKERY_DIR: directory, ...environment };
    const command = [join(workspace, 'tools/local-cluster/dist', `${script}.js`), ...words];
    this.process = spawn(process.execPath, command, { cwd: workspace, env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.output.push(text));
    }
    this.exit = new Promise((resolve) => this.process.once('close', resolve));
  }

  get text(): string {
    return this.output.join('');
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  kill(signal: NodeJS.Signals): void {
    this.process.kill(signal);
  }

  /** As when the terminal, or the program behind a pipe, goes away. */
  closeOutput(): void {
    this.process.stdout?.destroy();
  }

  /** The description, once the cluster has written it. Rejects with what the cluster said when it does not. */
  async ready(): Promise<ClusterDescription> {
    try {
      const look = (): ClusterDescription | undefined => {
        if (this.process.exitCode !== null) throw new Error('the cluster ended');
        return this.describe();
      };
      return await untilFound('the cluster is ready', look, 60_000);
    } catch (error) {
      throw new Error(`${(error as Error).message}; it said:\n${this.text}`, { cause: error });
    }
  }

  describe(): ClusterDescription | undefined {
    const file = join(this.directory, 'cluster.json');
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ClusterDescription) : undefined;
  }

  instance(id: string): ClusterInstance | undefined {
    return this.describe()?.instances.find((one) => one.id === id);
  }

  /** Pids of everything that the supervisor has started and not seen end. */
  pids(): readonly number[] {
    const record = JSON.parse(readFileSync(join(this.directory, 'processes.json'), 'utf8')) as {
      children: { pid: number }[];
    };
    return record.children.map(({ pid }) => pid);
  }

  /** Ends what is left, whatever became of the test. */
  async cleanUp(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      this.process.kill('SIGTERM');
      const limit = setTimeout(() => this.process.kill('SIGKILL'), STOP_LIMIT_MS);
      await this.exit;
      clearTimeout(limit);
    }
    try {
      rmSync(this.directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 300 });
    } catch (error) {
      // What a test found matters more than a folder that stays behind.
      console.warn(`${this.directory} was not removed: ${(error as Error).message}`);
    }
  }
}

/** Whether a process of this number exists and has not ended. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false; // No such process, which is the answer.
  }
  // One that ended but was not waited for still has a number.
  const stat = readIfThere(`/proc/${pid}/stat`);
  return !stat.slice(stat.lastIndexOf(')')).startsWith(') Z');
}

/** Sends the sample call and resolves with the status of the answer; 0 when there was none. */
export async function callSample({ gateway, sample, token }: ClusterDescription): Promise<number> {
  try {
    const response = await fetch(`${gateway}${sample.path}`, {
      method: sample.method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(sample.body),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0; // Counted by the caller as a call without an answer.
  }
}

/** Calls the sample `perSecond` times a second until told to stop; then gives how often each status came. */
export function steadyLoad(
  description: ClusterDescription,
  perSecond: number,
): () => Promise<ReadonlyMap<number, number>> {
  const statuses = new Map<number, number>();
  const open = new Set<Promise<void>>();
  const timer = setInterval(() => {
    const call: Promise<void> = callSample(description).then((status) => {
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      open.delete(call);
    });
    open.add(call);
  }, 1000 / perSecond);
  return async () => {
    clearInterval(timer);
    await Promise.all(open);
    return statuses;
  };
}

/** Empty when it is not there. A process may end between a look and a read. */
function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ESRCH')
      return '';
    throw error;
  }
}
