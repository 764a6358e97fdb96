import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Nothing here shows a token, so nobody asks for its keys. */
const AUTH_JWKS_URL = 'http://127.0.0.1:1/keys.json';
const entryOf = (app: string) => fileURLToPath(new URL(`../../../apps/${app}/dist/main.js`, import.meta.url));

export interface Ready {
  readonly type: 'ready';
  readonly id: string;
  readonly pid: number;
  readonly grpc: number;
  readonly http: number;
}

/** The process of a service, as an orchestrator has it. */
export class ServiceProcess {
  readonly ready: Promise<Ready>;
  readonly exit: Promise<number | null>;
  output = '';
  errors = '';
  private readonly child: ChildProcess;

  constructor(app: string, environment: Readonly<Record<string, string>>) {
    const env = {
      PATH: process.env['PATH'],
      AUTH_JWKS_URL,
      REPORT_TO: '',
      DRAIN_PROPAGATION_MS: '1000',
      ...environment,
    };
    this.child = spawn(process.execPath, [entryOf(app)], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
    this.exit = new Promise((resolve) => this.child.once('close', resolve));
    this.ready = new Promise((resolve, reject) => {
      this.child.once('message', (message) => resolve(message as Ready));
      this.child.once('close', (code) => reject(new Error(`ended with ${code}: ${this.errors}`)));
    });
    // Where a test expects the process to end, nobody waits for it to be ready.
    this.ready.catch(() => undefined);
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}
