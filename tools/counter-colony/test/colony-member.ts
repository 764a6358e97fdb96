import { type RunningProgram, until } from '@rookery/testkit';
import { PATIENCE_MS, SLACK_MS } from './patience.js';

/** What a process says when it listens. */
export interface Ready {
  readonly http: number;
}

interface ShownMember {
  readonly id: string;
  readonly address: string;
  readonly isUp: boolean;
}

/** What one process shows of its actors. */
export interface ActorsView {
  readonly address: string;
  readonly cluster: { readonly topology: string; readonly members: readonly ShownMember[] };
}

export interface Logbook {
  readonly watched: readonly string[];
  readonly heard: readonly { readonly by: string; readonly who: string; readonly reason: string }[];
}

/** How a call of a counter ended, as the process says that made it. */
export interface Ended {
  readonly code: string;
  readonly total?: number;
  readonly activation?: string;
}

/** How long HTTP waits longer than the call that was asked for: until one that nobody answers is late, not a failure like others. */
const GRACE_MS = 2 * SLACK_MS;

/** One process of the colony, as it is seen from outside. */
export class ColonyMember {
  private constructor(
    readonly id: string,
    readonly process: RunningProgram<Ready>,
    private readonly url: string,
  ) {}

  /** Resolves when it is ready. */
  static async of(id: string, process: RunningProgram<Ready>): Promise<ColonyMember> {
    const { http } = await process.ready;
    return new ColonyMember(id, process, `http://127.0.0.1:${http}`);
  }

  view(): Promise<ActorsView> {
    return this.get<ActorsView>('actors');
  }

  /** Adds one to a counter by a call from this process. */
  async add(counterId: string, timeoutMs: number): Promise<Ended> {
    const signal = AbortSignal.timeout(timeoutMs + GRACE_MS);
    const response = await fetch(`${this.url}/counters/${counterId}?timeoutMs=${timeoutMs}`, {
      method: 'POST',
      signal,
    });
    return (await response.json()) as Ended;
  }

  /** Resolves when this process watches the landmark of that address. */
  async lookOut(address: string): Promise<void> {
    await fetch(`${this.url}/lookout?address=${encodeURIComponent(address)}`, { method: 'POST' });
    const hasSighted = async (): Promise<boolean> =>
      (await this.logbook()).watched.some((pid) => pid.startsWith(`${address}/`));
    await until(`${this.id} has sighted ${address}`, hasSighted, PATIENCE_MS);
  }

  logbook(): Promise<Logbook> {
    return this.get<Logbook>('lookout');
  }

  /** The sum over all label sets of a metric. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const lines = text.split('\n').filter((line) => new RegExp(`^${name}[{ ]`).test(line));
    return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  }

  private async get<T>(path: string): Promise<T> {
    return (await (await fetch(`${this.url}/${path}`)).json()) as T;
  }
}
