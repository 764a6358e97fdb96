import { type ChildProcess, spawn } from 'node:child_process';
import { until, untilFound } from '@rookery/testkit';
import { root } from '../src/workspace.mjs';

export interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Below the time limit of each level at which this is used, so that a failure names the command. */
const LIMIT_MS = 100_000;
/** No command says this by itself. */
const MARK = '=== ended with ';
const READY = '"event":"service.ready"';
/** Runs what follows, and ends it with all that it has started when the other end of the fourth channel is closed: by the test, or by its death. */
const BESIDE_TEST = '{ cat <&3; kill -9 0; } >/dev/null 2>&1 & exec "$@" 3<&-';

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
    let code: { readonly code: number | null } | undefined;
    service.once('close', (ended: number | null) => (code = { code: ended }));
    try {
      await until(`${command} is ready`, () => this.output.includes(READY) || this.refuseEnd(service), LIMIT_MS);
      service.kill('SIGTERM');
      const end = await untilFound(`${command} has stopped`, () => code, LIMIT_MS);
      return { ...end, output: this.output, errors: this.errors };
    } finally {
      this.letGo(service);
    }
  }

  end(): void {
    this.letGo(this.shell);
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
    const child = spawn('sh', ['-c', BESIDE_TEST, 'sh', 'sh', ...words], {
      cwd: root,
      env: this.environment,
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      detached: true,
    });
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
    child.once('exit', () => this.letGo(child));
    return child;
  }

  /** It ends, and whatever it has started. */
  private letGo({ stdio }: ChildProcess): void {
    stdio[3]?.destroy();
  }
}
