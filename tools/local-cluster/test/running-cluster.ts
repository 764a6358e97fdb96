import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { until, untilFound } from '@rookery/testkit';
import type { ClusterDescription, ClusterInstance } from '../src/cluster-file.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
/** Of a start, a stop or a restart: a machine that is busy with something else takes many times as long as an idle one. */
export const PATIENCE_MS = 120_000;
/** So many characters are shown of what a cluster has said in a long time. */
const SAID_LAST = 4000;

export interface ClusterSurroundings {
  readonly script?: string;
  /** Another checkout than this one. */
  readonly workspace?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** `npm start`, without npm, in a folder of its own. */
export class RunningCluster {
  readonly output: string[] = [];
  private readonly exit: Promise<void>;
  private readonly process: ChildProcess;
  private isClosed = false;

  constructor(
    words: readonly string[],
    readonly directory = mkdtempSync(join(tmpdir(), 'rookery-cluster-')),
    { script = 'main', workspace = root, environment = {} }: ClusterSurroundings = {},
  ) {
    const env = { PATH: process.env['PATH'], ROOKERY_DIR: directory, ...environment };
    const programs = join(workspace, 'tools/local-cluster/dist');
    // With the guard it ends with the test, however that ends.
    const guard = `--import=${pathToFileURL(join(programs, 'orphan-guard.js')).href}`;
    this.process = spawn(process.execPath, [guard, join(programs, `${script}.js`), ...words], {
      cwd: workspace,
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.output.push(text));
    }
    this.exit = new Promise((resolve) => this.process.once('close', () => resolve()));
    void this.exit.then(() => (this.isClosed = true));
  }

  get text(): string {
    return this.output.join('');
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  private get hasEnded(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }

  kill(signal: NodeJS.Signals): void {
    this.process.kill(signal);
  }

  /** As when the terminal, or the program behind a pipe, goes away. */
  closeOutput(): void {
    this.process.stdout?.destroy();
  }

  /** The description, once this cluster has written it and said all that it says when it is ready. */
  async ready(): Promise<ClusterDescription> {
    return untilFound(
      () => `the cluster is ready; it said:\n${this.text}`,
      () => {
        if (this.hasEnded) throw new Error(`the cluster ended; it said:\n${this.text}`);
        const description = this.describe();
        // What a killed run has left behind is there until this one removes it. The call to try is what is said last.
        if (description?.supervisor !== this.pid || description === undefined) return undefined;
        return this.text.includes(`-d '${JSON.stringify(description.sample.body)}'`) ? description : undefined;
      },
      PATIENCE_MS,
    );
  }

  /** The exit code, once everything that the cluster said has come. */
  async ended(): Promise<number | null> {
    await until(
      () => `the cluster has ended; it said:\n${this.text}`,
      () => this.isClosed,
      PATIENCE_MS,
    );
    return this.process.exitCode;
  }

  describe(): ClusterDescription | undefined {
    const text = readIfThere(join(this.directory, 'cluster.json'));
    return text === '' ? undefined : (JSON.parse(text) as ClusterDescription);
  }

  /** An instance, once it is described: while it is replaced, it is not. */
  instance(id: string, isIt: (one: ClusterInstance) => boolean = () => true): Promise<ClusterInstance> {
    return untilFound(
      () => `${id} runs; the cluster said:\n${this.text.slice(-SAID_LAST)}`,
      () => this.describe()?.instances.find((one) => one.id === id && isIt(one)),
      PATIENCE_MS,
    );
  }

  /** Sends a signal to an instance, and gives it as it was. */
  async strike(id: string, signal: NodeJS.Signals): Promise<ClusterInstance> {
    const struck = await this.instance(id);
    process.kill(struck.pid, signal);
    return struck;
  }

  /** Resolves with the process that has taken the place of that one. */
  replacementOf({ id, pid }: ClusterInstance): Promise<ClusterInstance> {
    return this.instance(id, (one) => one.pid !== pid);
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
    if (!this.hasEnded) {
      this.process.kill('SIGTERM');
      const limit = setTimeout(() => this.process.kill('SIGKILL'), PATIENCE_MS);
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

/** Empty when it is not there: a file is written when a cluster is ready, and gone when it stops. */
function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
