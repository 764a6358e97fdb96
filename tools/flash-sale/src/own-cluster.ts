import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { RunningSystem } from './command-line.js';

interface Description {
  readonly gateway: string;
  readonly issuer: string;
  readonly databases: Readonly<Record<string, string>>;
  readonly instances: readonly { readonly service: string; readonly id: string; readonly pid: number }[];
}

const root = new URL('../../../', import.meta.url);
const START_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 60_000;
const LOOK_MS = 200;
const SCOPES = 'inventory:read inventory:write orders:read orders:write';

/** The local cluster, on free ports, with a state of its own that goes with it. */
export class OwnCluster {
  private readonly directory = mkdtempSync(join(tmpdir(), 'rookery-flash-sale-'));
  private readonly output: string[] = [];
  private readonly process: ChildProcess;

  constructor() {
    const program = new URL('tools/local-cluster/dist/', root);
    // With the guard it ends with this process, however that ends.
    const guard = `--import=${new URL('orphan-guard.js', program).href}`;
    const script = fileURLToPath(new URL('main.js', program));
    this.process = spawn(process.execPath, [guard, script, '--no-traffic', '--quiet'], {
      cwd: root,
      env: { ...process.env, ROOKERY_DIR: this.directory },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // A Ctrl-C of the terminal is for the sale, which then stops the cluster in order.
      detached: true,
    });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.output.push(text));
    }
  }

  /** Rejects, with what the cluster said, when it does not start. */
  async ready(): Promise<RunningSystem> {
    const endsAt = performance.now() + START_LIMIT_MS;
    while (!existsSync(this.file)) {
      if (this.hasEnded || performance.now() > endsAt) throw new Error(`the cluster did not start:\n${this.said}`);
      await pause(LOOK_MS);
    }
    const { databases, gateway, issuer } = this.describe();
    return { gateway, databases, token: await operatorToken(issuer) };
  }

  /** What it said last, for people. */
  get said(): string {
    return this.output.join('').split('\n').slice(-40).join('\n');
  }

  /** Kills one copy of a service. False when none runs at the moment. */
  kill(service: string, random: () => number): boolean {
    const copies = existsSync(this.file) ? this.describe().instances.filter((one) => one.service === service) : [];
    const victim = copies[Math.floor(random() * copies.length)];
    if (victim === undefined) return false;
    try {
      process.kill(victim.pid, 'SIGKILL');
      return true;
    } catch {
      return false; // It had ended by itself, and nobody has written so yet.
    }
  }

  async stop(): Promise<void> {
    if (!this.hasEnded) {
      const ended = new Promise((resolve) => this.process.once('close', resolve));
      this.process.kill('SIGTERM');
      const limit = setTimeout(() => this.process.kill('SIGKILL'), STOP_LIMIT_MS);
      await ended;
      clearTimeout(limit);
    }
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 300 });
  }

  private get file(): string {
    return join(this.directory, 'cluster.json');
  }

  private get hasEnded(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }

  private describe(): Description {
    return JSON.parse(readFileSync(this.file, 'utf8')) as Description;
  }
}

/** The dev issuer's operator may ask for every scope. */
async function operatorToken(issuer: string): Promise<string> {
  const body = new URLSearchParams({
    ...{ grant_type: 'client_credentials', client_id: 'operator', client_secret: 'operator-secret' },
    ...{ scope: SCOPES, expires_in: '86400' },
  });
  const response = await fetch(new URL('/token', issuer), { method: 'POST', body });
  const answer = (await response.json()) as { access_token?: string };
  if (answer.access_token === undefined) throw new Error(`the issuer gave no token: ${response.status}`);
  return answer.access_token;
}
