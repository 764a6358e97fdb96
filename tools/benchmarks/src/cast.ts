import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { type ForeignPart, type NodePart, Participant } from './participant.js';

const run = promisify(execFile);

/** All processes of one bench. */
export class Cast {
  private readonly participants: Participant[] = [];
  private readonly endings: (() => Promise<void>)[] = [];
  private readonly lastEndings: (() => Promise<void>)[] = [];
  private readonly end = new AbortController();

  spawn(part: NodePart | ForeignPart): Participant {
    if (this.end.signal.aborted) throw new Error('the bench is over');
    const participant = Participant.spawn(part);
    this.participants.push(participant);
    return participant;
  }

  /** Runs a program to its end, which comes at once when the bench is over. Rejects with the first thing it complains of. */
  async run(command: string, args: readonly string[], cwd: string): Promise<void> {
    try {
      await run(command, args, { cwd, signal: this.end.signal });
    } catch (error) {
      const { message, stderr = '' } = error as Error & { readonly stderr?: string };
      const [complaint = message] = stderr.split('\n').filter((line) => line.trim() !== '');
      throw new Error(`${command} failed: ${complaint}`, { cause: error });
    }
  }

  /** Runs `ending` when the bench is over. */
  onStop(ending: () => void | Promise<void>): void {
    this.endings.push(async () => ending());
  }

  /** Runs `ending` after all that was asked of `onStop`: for what that needs. */
  afterStop(ending: () => void | Promise<void>): void {
    this.lastEndings.push(async () => ending());
  }

  async stop(): Promise<void> {
    this.end.abort();
    await Promise.all(this.participants.map((participant) => participant.stop()));
    await Promise.all(this.endings.map((ending) => ending()));
    await Promise.all(this.lastEndings.map((ending) => ending()));
  }
}
