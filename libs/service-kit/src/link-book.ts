import type { CallRecord, ConnectionState } from '@rookery/rpc';
import type { Clock } from '@rookery/runtime';
import type { LinkSource, LinkStatus } from '@rookery/telemetry';

type Target = NonNullable<CallRecord['target']>;

interface Entry extends LinkStatus {
  /** Wall-clock time at which the connection was given up; undefined while it is kept. */
  readonly goneAt: number | undefined;
}

/** A connection lost in trouble is reported for as long, so that the monitor does not miss what ended it. */
const REMEMBER_MS = 60_000;

/** Keeps, for the reports, how the connections of this process are and since when. */
export class LinkBook implements LinkSource {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly clock: Clock) {}

  changed(target: Target, state: ConnectionState | 'gone'): void {
    const key = `${target.instanceId}/${target.incarnation}`;
    const known = this.entries.get(key);
    if (state === 'gone') return this.gone(key, known);
    const next = reported(state, known);
    if (next === undefined || (known?.state === next && known.goneAt === undefined)) return;
    this.entries.set(key, { ...target, state: next, since: this.clock.now(), goneAt: undefined });
  }

  *links(): Generator<LinkStatus> {
    const oldest = this.clock.now() - REMEMBER_MS;
    for (const [key, { goneAt, ...link }] of this.entries) {
      if (goneAt !== undefined && goneAt < oldest) this.entries.delete(key);
      else yield link;
    }
  }

  private gone(key: string, known: Entry | undefined): void {
    // Who left on purpose, or was never reached, is no news.
    if (known === undefined || known.state === 'up') this.entries.delete(key);
    else this.entries.set(key, { ...known, goneAt: this.clock.now() });
  }
}

/** What a report calls the state; undefined for a first connection that is still being made. */
function reported(state: ConnectionState, known: Entry | undefined): LinkStatus['state'] | undefined {
  switch (state) {
    case 'connecting':
      return known === undefined ? undefined : 'down';
    case 'ready':
    case 'leaving':
      return 'up';
    case 'suspect':
      return 'suspect';
    case 'down':
      return 'down';
  }
}
