import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A program of this workspace, as built, in a process of its own. `Ready` is the first message that it sends its parent. */
export class RunningProgram<Ready> {
  readonly ready: Promise<Ready>;
  readonly exit: Promise<number | null>;
  output = '';
  errors = '';
  private readonly child: ChildProcess;

  /** `script` is a path from the root of the workspace. The process knows no setting but those that are given. */
  constructor(script: string, environment: Readonly<Record<string, string>> = {}) {
    const entry = fileURLToPath(new URL(`../../../${script}`, import.meta.url));
    const env = { PATH: process.env['PATH'], ...environment };
    this.child = spawn(process.execPath, [entry], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
    this.exit = new Promise((resolve) => this.child.once('close', resolve));
    this.ready = new Promise((resolve, reject) => {
      this.child.once('message', (message) => resolve(message as Ready));
      this.child.once('close', (code) => {
        reject(new Error(`${script} ended with ${code}: ${this.output}${this.errors}`));
      });
    });
    // Where a test expects the process to end, nobody waits for it to be ready.
    this.ready.catch(() => undefined);
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
