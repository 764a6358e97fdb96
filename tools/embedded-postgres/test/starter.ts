import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../src/main.mjs', import.meta.url));

/** Starts the server as its child, says in a line what the server says, and ends with its exit code. */
const script = `
  import { fork } from 'node:child_process';
  const stdio = ['ignore', 'ignore', 'inherit', 'ipc'];
  const child = fork(${JSON.stringify(program)}, { stdio, detached: true, execArgv: [] });
  child.on('message', (message) => console.log(JSON.stringify(message)));
  child.on('exit', (code) => process.exit(code ?? 1));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
`;

export interface Ready {
  readonly url: string;
  /** The process that keeps the server. */
  readonly pid: number;
  /** The server itself. */
  readonly server: number;
}

/** A process that has a PostgreSQL started, and may be killed. */
export class Starter {
  readonly ready: Promise<Ready>;
  readonly exit: Promise<number | null>;
  errors = '';
  private readonly process: ChildProcess;

  constructor(environment: Readonly<Record<string, string>>) {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      env: { PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'], ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
    this.exit = new Promise((resolve) => child.once('close', resolve));
    this.ready = new Promise((resolve, reject) => {
      createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line) as Ready));
      child.once('close', (code) => reject(new Error(`ended with ${code}: ${this.errors}`)));
    });
    // Where a test expects a refusal, nobody waits for the server.
    this.ready.catch(() => undefined);
  }

  async kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    this.process.kill(signal);
    await this.exit;
  }
}
