import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { type ForeignPart, type NodePart, Participant } from './participant.js';

const run = promisify(execFile);

/** All processes of one bench. */
export class Cast {
  private readonly participants: Participant[] = [];
  private readonly end = new AbortController();
  private endAll = (): Promise<void> => Promise.resolve();

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

  /** Runs `ending` when the bench is over, ahead of those that were handed in earlier: it may need what they end. */
  onStop(ending: () => void | Promise<void>): void {
    const endEarlier = this.endAll;
    this.endAll = async () => {
      try {
        await ending();
      } finally {
        await endEarlier();
      }
    };
  }

  async stop(): Promise<void> {
    this.end.abort();
    await Promise.all(this.participants.map((participant) => participant.stop()));
    await this.endAll();
  }
}
