import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { until } from './until.js';

/** Longer than a program is given to stop, on a machine that is busy with something else. */
const PATIENCE_MS = 60_000;

/** A program of this workspace, as built, in a process of its own. `Ready` is the first message that it sends its parent. */
export class RunningProgram<Ready> {
  readonly ready: Promise<Ready>;
  readonly exit: Promise<number | null>;
  output = '';
  errors = '';
  private readonly child: ChildProcess;
  private isClosed = false;

  /** `script` is a path from the root of the workspace. The process knows no setting but those that are given. */
  constructor(
    private readonly script: string,
    environment: Readonly<Record<string, string>> = {},
  ) {
    const entry = fileURLToPath(new URL(`../../../${script}`, import.meta.url));
    const env = { PATH: process.env['PATH'], ...environment };
    this.child = spawn(process.execPath, [entry], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
    this.exit = new Promise((resolve) => this.child.once('close', resolve));
    void this.exit.then(() => (this.isClosed = true));
    this.ready = new Promise((resolve, reject) => {
      this.child.once('message', (message) => resolve(message as Ready));
      this.child.once('close', (code) => {
        reject(new Error(`${script} ended with ${code}: ${this.output}${this.errors}`));
      });
    });
    // Where a test expects the process to end, nobody waits for it to be ready.
    this.ready.catch(() => undefined);
  }

  /** Resolves when the program has said something that contains this text. */
  async says(text: string): Promise<void> {
    const told = this.told(`it says "${text}"`);
    const hasSaid = (): boolean => {
      if (this.output.includes(text)) return true;
      if (this.isClosed) throw new Error(`it ended and never came to this: ${told()}`);
      return false;
    };
    await until(told, hasSaid, PATIENCE_MS);
  }

  /** The exit code of a program that is to end by itself, once all that it said has come. */
  async ended(): Promise<number | null> {
    await until(this.told('it ends'), () => this.isClosed, PATIENCE_MS);
    return this.exit;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** At once, whatever state it is in. */
  async end(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exit;
  }

  private told(what: string): () => string {
    return () => `${what}; ${this.script} said: ${this.output}${this.errors}`;
  }
}
