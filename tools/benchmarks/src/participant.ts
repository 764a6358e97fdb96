import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { type Channel, startForeign, startNode } from './channel.js';
import { type Answer, isAnswer, type Load, type Work } from './messages.js';

/** Some fill a database first. */
const START_LIMIT_MS = 120_000;
/** On top of the time that the work itself takes. */
const ANSWER_LIMIT_MS = 20_000;
/** A work is not cut off: the slowest take many seconds for one pass. */
const PASS_LIMIT_MS = 120_000;

export interface Part {
  /** For error messages. */
  readonly name: string;
  readonly args?: readonly string[];
}

export interface NodePart extends Part {
  /** Path of the program. */
  readonly entry: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface ForeignPart extends Part {
  /** What the shell would start; no shell does. */
  readonly command: string;
}

/** One process of a bench. It ends when it is told to, and also when this process is gone, however that came. */
export class Participant {
  constructor(
    private readonly name: string,
    private readonly channel: Channel,
  ) {}

  static spawn(part: NodePart | ForeignPart): Participant {
    const { args = [], name } = part;
    if ('command' in part) return new Participant(name, startForeign(part.command, args));
    return new Participant(name, startNode([part.entry, ...args], part.environment ?? {}));
  }

  /** Resolves with what it says once it can take part. */
  ready(): Promise<Extract<Answer, { type: 'ready' }>> {
    return this.answer('ready', START_LIMIT_MS);
  }

  /** User and system time since its start. */
  async cpuMicros(): Promise<number> {
    this.channel.ask({ ask: 'cpu' });
    return (await this.answer('cpu', ANSWER_LIMIT_MS)).micros;
  }

  /** Lets it call for so long, with so many calls at once. */
  async load(concurrency: number, millis: number): Promise<Load> {
    this.channel.ask({ ask: 'load', concurrency, millis });
    return (await this.answer('load', millis + ANSWER_LIMIT_MS)).load;
  }

  /** Lets it do its work again and again until so much time has passed. */
  async work(millis: number): Promise<Work> {
    this.channel.ask({ ask: 'work', millis });
    return (await this.answer('work', millis + PASS_LIMIT_MS)).work;
  }

  /** Ends it at once; it has nothing to lose. */
  async stop(): Promise<void> {
    const { child } = this.channel;
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  private answer<T extends Answer['type']>(type: T, limitMs: number): Promise<Extract<Answer, { type: T }>> {
    const { answers, child } = this.channel;
    const { name } = this;
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        answers.off('message', onMessage);
        child.off('exit', onExit).off('error', onError);
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
      answers.on('message', onMessage);
      child.on('exit', onExit).on('error', onError);
    });
  }
}

/** The program of a participant of this tool. */
export function participantEntry(name: string): string {
  return fileURLToPath(new URL(`./participants/${name}.js`, import.meta.url));
}
