import { type ChildProcess, spawn } from 'node:child_process';
import { until, untilFound } from '@rookery/testkit';
import { root } from '../src/workspace.mjs';

export interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

const LIMIT_MS = 120_000;
/** No command says this by itself. */
const MARK = '=== ended with ';
const READY = '"event":"service.ready"';

/** The shell of somebody who reads a page and types one command of it after the other: what one has set, the next one knows. */
export class ReaderShell {
  private readonly shell: ChildProcess;
  private output = '';
  private errors = '';

  constructor(private readonly environment: NodeJS.ProcessEnv) {
    this.shell = this.start([]);
  }

  /** A command that ends by itself. */
  run(command: string): Promise<Ended> {
    [this.output, this.errors] = ['', ''];
    this.shell.stdin?.write(`{ ${command}\n} </dev/null\nprintf '\\n${MARK}%s\\n' $?; printf '${MARK}' >&2\n`);
    return untilFound(`${command} has ended`, () => this.ending(), LIMIT_MS);
  }

  /** A service that goes on until it is told to stop, which happens as soon as it is ready. */
  async runUntilReady(command: string): Promise<Ended> {
    [this.output, this.errors] = ['', ''];
    const service = this.start(['-c', `exec ${command}`]);
    const code = new Promise<number | null>((resolve) => service.once('close', resolve));
    try {
      await until(`${command} is ready`, () => this.output.includes(READY) || this.refuseEnd(service), LIMIT_MS);
      service.kill('SIGTERM');
      return { code: await code, output: this.output, errors: this.errors };
    } finally {
      this.kill(service);
    }
  }

  end(): void {
    this.kill(this.shell);
  }

  /** With whatever it has started. */
  private kill({ pid, exitCode, signalCode }: ChildProcess): void {
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL');
  }

  /** Known when both channels have said it. */
  private ending(): Ended | undefined {
    const [output = '', code] = this.output.split(`\n${MARK}`);
    const [errors = '', end] = this.errors.split(MARK);
    if (code?.endsWith('\n') && end !== undefined) return { code: Number(code), output, errors };
    this.refuseEnd(this.shell);
    return undefined;
  }

  /** That it goes on is what it was started for. */
  private refuseEnd({ exitCode, signalCode }: ChildProcess): false {
    if (exitCode === null && signalCode === null) return false;
    throw new Error(`it ended with ${exitCode ?? signalCode}: ${this.output}${this.errors}`);
  }

  private start(words: readonly string[]): ChildProcess {
    const env = this.environment;
    const child = spawn('sh', words, { cwd: root, env, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    child.stdout.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
    return child;
  }
}
