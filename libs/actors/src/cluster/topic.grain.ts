import type { actors } from '@rookery/contracts/messages';
import type { Clock } from '@rookery/runtime';
import { type Pid, pidByName } from '../local/pid.js';
import type { GrainContext } from './grain.js';
import type { TopicsMessage } from './topic-messages.js';
import type { Topology } from './topology.js';

/** A process that has not said for so long that it has subscribers is forgotten; it says so every 10 s. */
const LEASE_MS = 30_000;

interface Listening {
  /** Monotonic. */
  readonly until: number;
  wasMember: boolean;
}

/** A topic: knows the processes that have subscribers, and sends each of them one copy of what is published. */
export class TopicGrain {
  /** By address. */
  private readonly processes = new Map<string, Listening>();

  constructor(
    private readonly clock: Clock,
    private readonly view: () => Topology,
  ) {}

  publish({ messages }: actors.PublishRequest, { identity: topic, system }: GrainContext): actors.PublishResponse {
    for (const [address, listening] of this.processes) {
      if (this.isThere(address, listening)) system.tell(topicsAt(address), { type: '$TopicDelivery', topic, messages });
      else this.processes.delete(address);
    }
    return {};
  }

  subscribe({ address }: actors.SubscribeRequest): actors.SubscribeResponse {
    const wasMember = this.processes.get(address)?.wasMember ?? false;
    this.processes.set(address, { until: this.clock.monotonic() + LEASE_MS, wasMember });
    return {};
  }

  unsubscribe({ address }: actors.UnsubscribeRequest): actors.UnsubscribeResponse {
    this.processes.delete(address);
    return {};
  }

  /** A process may subscribe before it is known here as a member; one that was and is none any more has gone. */
  private isThere(address: string, listening: Listening): boolean {
    const isMember = this.view().memberAt(address) !== undefined;
    const hasGone = listening.wasMember && !isMember;
    listening.wasMember = isMember;
    return !hasGone && listening.until > this.clock.monotonic();
  }
}

/** Whoever tells the subscribers in the process of that address. */
function topicsAt(address: string): Pid<TopicsMessage> {
  return pidByName(address, '$topics');
}
