import type { Clock } from '@rookery/runtime';
import type { Append, AppendOutcome, Snapshot } from '../src/index.js';
import { InMemoryEventStore } from '../src/testing/index.js';

/** A rule of the store, of the way to it or of a host that is broken on purpose, so that a test sees that the laws notice. */
export type Breach =
  /** The store takes an append at whatever version its stream has. */
  | 'ignores-versions'
  /** It does not look for a command among those that were answered. */
  | 'forgets-answers'
  /** It keeps a state for one of a later version. */
  | 'postdates-snapshots'
  /** What may have been done passes for something that was not done. */
  | 'takes-unknown-for-failed'
  /** What may not have been done passes for something that was done. */
  | 'takes-unknown-for-done'
  /** An append is called durable before it is. */
  | 'acknowledges-early'
  /** Hosts take what they know for current, however old it is. */
  | 'trusts-for-ever';

interface Written {
  readonly version: number;
  readonly at: number;
  readonly by: string;
}

/** The store of a simulation: what is durable, since when, and by whom. Answers at once; what lies between is not its business. */
export class Chronicle extends InMemoryEventStore {
  private readonly written = new Map<string, Written[]>();

  constructor(
    private readonly time: Clock,
    private readonly breach?: Breach,
  ) {
    super(time);
  }

  async write(append: Append, by: string): Promise<AppendOutcome> {
    const { stream } = append;
    const before = this.versionOf(stream);
    let outcome = await super.append(this.breach === 'ignores-versions' ? movedTo(append, before) : append);
    if (outcome.status === 'answered' && this.breach === 'forgets-answers') {
      outcome = await super.append({ ...append, commands: [] });
    }
    if (outcome.status !== 'appended') return outcome;
    const own = this.written.get(stream) ?? [];
    const at = this.time.monotonic();
    for (let version = before + 1; version <= outcome.version; version++) own.push({ version, at, by });
    this.written.set(stream, own);
    return outcome;
  }

  override saveSnapshot(snapshot: Snapshot): Promise<number> {
    const { version } = snapshot;
    return super.saveSnapshot({ ...snapshot, version: this.breach === 'postdates-snapshots' ? version + 1 : version });
  }

  versionOf(stream: string): number {
    return this.written.get(stream)?.length ?? 0;
  }

  /** The version that the stream had before that time. */
  versionBefore(stream: string, time: number): number {
    return this.written.get(stream)?.filter(({ at }) => at < time).length ?? 0;
  }

  /** Whether anybody else has written to the stream since that time. */
  isWrittenByOthers(stream: string, writer: string, since: number): boolean {
    return this.written.get(stream)?.some(({ at, by }) => by !== writer && at >= since) ?? false;
  }
}

/** The answers are of the version that the stream was thought to have: a store that looks at nothing takes them too. */
function movedTo(append: Append, version: number): Append {
  return { ...append, expectedVersion: version };
}
