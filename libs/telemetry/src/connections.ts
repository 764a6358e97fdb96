import { monitor } from '@rookery/contracts/messages';
import type { Clock } from '@rookery/runtime';

import type { CallTarget } from './call-record.js';

/** What a connection has become, in the words of the rpc library; `gone` when it is no longer kept. */
export type ConnectionChange = 'connecting' | 'ready' | 'suspect' | 'leaving' | 'down' | 'gone';

type State = 'up' | 'suspect' | 'down';

interface Connection {
  readonly target: CallTarget;
  readonly state: State;
  /** Monotonic, for a wall clock may be set meanwhile. */
  readonly since: number;
  /** When it was given up while it was lost; monotonic. */
  readonly goneAt: number | undefined;
}

/** How long a lost connection is told of after it was given up, as the contract of the report has it. */
const REMEMBERED_MS = 60_000;
/** More than any process should have; a report stays below a megabyte. */
const MAX_CONNECTIONS = 2000;

const IN_REPORT = {
  up: monitor.LinkState.LINK_STATE_UP,
  suspect: monitor.LinkState.LINK_STATE_SUSPECT,
  down: monitor.LinkState.LINK_STATE_DOWN,
} as const;

/**
 * How the connections of this process are. One that was never open isn't told of before it fails, and one that was closed
 * on purpose isn't told of any more: neither is a fault.
 */
export class Connections {
  private readonly known = new Map<string, Connection>();

  constructor(private readonly clock: Clock) {}

  changed(target: CallTarget, change: ConnectionChange): void {
    const key = `${target.instanceId} ${target.incarnation}`;
    const known = this.known.get(key);
    const state = stateAfter(known?.state, change);
    if (state === undefined) {
      this.known.delete(key);
      return;
    }
    if (known === undefined && !this.hasRoom()) return;
    const now = this.clock.monotonic();
    const since = known?.state === state ? known.since : now;
    this.known.set(key, { target, state, since, goneAt: change === 'gone' ? now : undefined });
  }

  /** The connections in the shape of the report. */
  views(): monitor.LinkView[] {
    this.forgetGone();
    const [wall, now] = [this.clock.now(), this.clock.monotonic()];
    return [...this.known.values()].map(({ target, state, since }) => ({
      targetService: target.service,
      targetInstanceId: target.instanceId,
      targetIncarnation: target.incarnation,
      state: IN_REPORT[state],
      since: new Date(Math.round(wall - (now - since))),
    }));
  }

  /** How many connections that are still kept are in which state, for each service. */
  *counts(): Generator<{ readonly service: string; readonly state: State; readonly count: number }> {
    const services = new Map<string, Record<State, number>>();
    for (const { target, state, goneAt } of this.known.values()) {
      const counts = services.get(target.service) ?? { up: 0, suspect: 0, down: 0 };
      if (goneAt === undefined) counts[state]++;
      services.set(target.service, counts);
    }
    for (const [service, counts] of services) {
      for (const state of ['up', 'suspect', 'down'] as const) yield { service, state, count: counts[state] };
    }
  }

  private hasRoom(): boolean {
    if (this.known.size >= MAX_CONNECTIONS) this.forgetGone();
    return this.known.size < MAX_CONNECTIONS;
  }

  private forgetGone(): void {
    const now = this.clock.monotonic();
    for (const [key, { goneAt }] of this.known) {
      if (goneAt !== undefined && now - goneAt >= REMEMBERED_MS) this.known.delete(key);
    }
  }
}

function stateAfter(known: State | undefined, change: ConnectionChange): State | undefined {
  switch (change) {
    case 'ready':
      return 'up';
    case 'suspect':
    case 'down':
      return change;
    case 'connecting':
      return known === undefined ? undefined : 'down';
    case 'leaving':
      return undefined;
    case 'gone':
      return known === 'up' ? undefined : known && 'down';
  }
}
