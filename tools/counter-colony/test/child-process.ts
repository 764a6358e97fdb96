import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Ready {
  readonly http: number;
}

/** A program of this workspace, as built, in a process that ends with the test. */
export class RunningChild {
  readonly ready: Promise<Ready>;
  readonly exit: Promise<number | null>;
  output = '';
  private readonly child: ChildProcess;

  /** `script` is a path from the root of the workspace. */
  constructor(script: string, environment: Readonly<Record<string, string>>) {
    const entry = fileURLToPath(new URL(`../../../${script}`, import.meta.url));
    const env = { PATH: process.env['PATH'], ...environment };
    this.child = spawn(process.execPath, [entry], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    this.exit = new Promise((resolve) => this.child.once('close', resolve));
    this.ready = new Promise((resolve, reject) => {
      this.child.once('message', (message) => resolve(message as Ready));
      this.child.once('close', (code) => reject(new Error(`${script} ended with ${code}: ${this.output}`)));
    });
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** At once, whatever state it is in. */
  async end(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exit;
  }
}
