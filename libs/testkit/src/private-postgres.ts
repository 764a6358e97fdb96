import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunningProgram } from './running-program.js';

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
  /** Undefined while there is no server, nor one that starts. */
  private keeper: RunningProgram<Ready> | undefined;
  private server = 0;
  private isPaused = false;

  /** @param disk a folder on the disk that is to have its data */
  constructor(disk = tmpdir()) {
    this.folder = mkdtempSync(join(disk, 'rookery-private-postgres-'));
  }

  /** Starts the server, or starts it again with its data and at its port. */
  async start(): Promise<void> {
    const port = this.url === '' ? '0' : new URL(this.url).port;
    const keeper = new RunningProgram<Ready>('tools/embedded-postgres/src/main.mjs', {
      POSTGRES_DIR: this.folder,
      POSTGRES_PORT: port,
    });
    this.keeper = keeper;
    void keeper.exit.then(() => (this.keeper = undefined));
    const { server, url } = await keeper.ready;
    this.url = url;
    this.server = server;
  }

  /** In order: sessions are told that the server goes. */
  async stop(): Promise<void> {
    this.keeper?.kill('SIGTERM');
    await this.keeper?.ended();
  }

  /** Ends the server with SIGKILL, and with it all its sessions. */
  async kill(): Promise<void> {
    process.kill(this.server, 'SIGKILL');
    this.isPaused = false;
    await this.keeper?.ended();
  }

  /** Halts the server and its sessions: connections stay open and say nothing. */
  pause(): void {
    // The server first: from then on none of its sessions begins, nor is one that ends forgotten.
    process.kill(this.server, 'SIGSTOP');
    for (const pid of childrenOf(this.server)) process.kill(pid, 'SIGSTOP');
    this.isPaused = true;
  }

  /** Does nothing where it is not paused. */
  resume(): void {
    if (!this.isPaused) return;
    this.isPaused = false;
    for (const pid of [...childrenOf(this.server), this.server]) process.kill(pid, 'SIGCONT');
  }

  /** Ends the server in whatever state it is, and removes its data. */
  async close(): Promise<void> {
    if (this.keeper !== undefined) {
      this.resume();
      await this.stop();
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

function childrenOf(pid: number): readonly number[] {
  if (process.platform === 'linux') {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  }
  const lines = execFileSync('ps', ['-A', '-o', 'ppid=,pid='], { encoding: 'utf8' }).trim().split('\n');
  const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number));
  return pairs.flatMap(([parent, child = 0]) => (parent === pid ? [child] : []));
}
