import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { type Answer, isAnswer, type Load, type Question } from './messages.js';

const PROBE = new URL('./participants/probe.js', import.meta.url).href;
const START_LIMIT_MS = 30_000;
/** On top of the time that the work itself takes. */
const ANSWER_LIMIT_MS = 20_000;

export interface Part {
  /** For error messages. */
  readonly name: string;
  /** Path of the program. */
  readonly entry: string;
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** One process of a bench. It ends when it is told to, and also when this process is gone, however that came. */
export class Participant {
  private constructor(
    private readonly name: string,
    private readonly child: ChildProcess,
  ) {}

  static spawn({ name, entry, args, environment }: Part): Participant {
    const child = spawn(process.execPath, [`--import=${PROBE}`, entry, ...(args ?? [])], {
      env: { ...inherited(), NODE_ENV: 'production', ...environment },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.setMaxListeners(0);
    return new Participant(name, child);
  }

  /** Resolves with what it says once it can take part. */
  ready(): Promise<Extract<Answer, { type: 'ready' }>> {
    return this.answer('ready', START_LIMIT_MS);
  }

  /** User and system time since its start. */
  async cpuMicros(): Promise<number> {
    this.ask({ ask: 'cpu' });
    return (await this.answer('cpu', ANSWER_LIMIT_MS)).micros;
  }

  /** Lets it call for so long, with so many calls at once. */
  async load(concurrency: number, millis: number): Promise<Load> {
    this.ask({ ask: 'load', concurrency, millis });
    return (await this.answer('load', millis + ANSWER_LIMIT_MS)).load;
  }

  /** Ends it at once; it has nothing to lose. */
  async stop(): Promise<void> {
    const { child } = this;
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  private ask(question: Question): void {
    // A process that is gone is noticed by its end, on which whoever waits for the answer is told.
    this.child.send(question, () => undefined);
  }

  private answer<T extends Answer['type']>(type: T, limitMs: number): Promise<Extract<Answer, { type: T }>> {
    const { child, name } = this;
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        child.off('message', onMessage).off('exit', onExit).off('error', onError);
        act();
      };
      const fail = (why: string): void => settle(() => reject(new Error(`${name} ${why}`)));
      const onMessage = (message: unknown): void => {
        if (!isAnswer(message)) return;
        if (message.type === 'failed') fail(`failed: ${message.reason}`);
        else if (message.type === type) settle(() => resolve(message as Extract<Answer, { type: T }>));
      };
      const onExit = (code: number | null, signal: string | null): void =>
        fail(`ended (${signal ?? `exit code ${code}`}) instead of answering "${type}"`);
      const onError = (error: Error): void => fail(`could not be started: ${error.message}`);
      const timer = setTimeout(() => fail(`did not answer "${type}" within ${limitMs} ms`), limitMs);
      child.on('message', onMessage).on('exit', onExit).on('error', onError);
    });
  }
}

/** All processes of one bench. */
export class Cast {
  private readonly participants: Participant[] = [];
  private readonly endings: (() => void)[] = [];
  private isStopped = false;

  spawn(part: Part): Participant {
    if (this.isStopped) throw new Error('the bench is over');
    const participant = Participant.spawn(part);
    this.participants.push(participant);
    return participant;
  }

  /** Runs `ending` when the bench is over. */
  onStop(ending: () => void): void {
    this.endings.push(ending);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    for (const ending of this.endings) ending();
    await Promise.all(this.participants.map((participant) => participant.stop()));
  }
}

/** The program of a participant of this tool. */
export function participantEntry(name: string): string {
  return fileURLToPath(new URL(`./participants/${name}.js`, import.meta.url));
}

function inherited(): NodeJS.ProcessEnv {
  const names = ['PATH', 'HOME', 'TMPDIR', 'TZ', 'LANG', 'NODE_OPTIONS'];
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}
