import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './until.js';

const program = fileURLToPath(new URL('../../../tools/embedded-postgres/src/main.mjs', import.meta.url));

interface Ready {
  readonly url: string;
  /** The pid of the server itself. */
  readonly server: number;
}

/** A PostgreSQL of one spec's own, which may do to it what happens to servers. It waits for the disk, as a real one does. */
export class PrivatePostgres {
  /** Of the superuser; the same after each start. */
  url = '';
  private readonly folder: string;
  private keeper: ChildProcess | undefined;
  private server = 0;

  /** @param disk a folder on the disk that is to have its data */
  constructor(disk = tmpdir()) {
    this.folder = mkdtempSync(join(disk, 'rookery-private-postgres-'));
  }

  /** Starts the server, or starts it again with its data and at its port. */
  async start(): Promise<void> {
    const port = this.url === '' ? '0' : new URL(this.url).port;
    const keeper = fork(program, {
      env: { PATH: process.env['PATH'], POSTGRES_DIR: this.folder, POSTGRES_PORT: port },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.keeper = keeper;
    let said = '';
    keeper.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
    const { url, server } = await new Promise<Ready>((resolve, reject) => {
      keeper.once('message', (message) => resolve(message as Ready));
      keeper.once('close', () => reject(new Error(`the server did not start: ${said}`)));
    });
    this.url = url;
    this.server = server;
  }

  /** In order: sessions are told that the server goes. */
  async stop(): Promise<void> {
    await this.ended(() => this.keeper?.kill('SIGTERM'));
  }

  /** Ends the server with SIGKILL, and with it all its sessions. */
  async kill(): Promise<void> {
    await this.ended(() => process.kill(this.server, 'SIGKILL'));
  }

  /** Halts the server and its sessions: connections stay open and say nothing. */
  pause(): void {
    // The server first: it begins no session that is not among those that follow.
    signal(this.server, 'SIGSTOP');
    for (const pid of childrenOf(this.server)) signal(pid, 'SIGSTOP');
  }

  resume(): void {
    for (const pid of [...childrenOf(this.server), this.server]) signal(pid, 'SIGCONT');
  }

  /** Ends the server in whatever state it is, and removes its data. */
  async close(): Promise<void> {
    if (this.isRunning) {
      this.resume();
      await this.stop();
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  private get isRunning(): boolean {
    return this.keeper !== undefined && this.keeper.exitCode === null && this.keeper.signalCode === null;
  }

  private async ended(end: () => void): Promise<void> {
    end();
    await until('the server has ended', () => !this.isRunning);
  }
}

function signal(pid: number, name: 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // A session may have ended since it was listed.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function childrenOf(pid: number): readonly number[] {
  if (process.platform === 'linux') {
    const listed = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return listed.split(' ').flatMap((child) => (child.trim() === '' ? [] : [Number(child)]));
  }
  const lines = execFileSync('ps', ['-A', '-o', 'ppid=,pid='], { encoding: 'utf8' }).trim().split('\n');
  const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number));
  return pairs.flatMap(([parent, child = 0]) => (parent === pid ? [child] : []));
}
