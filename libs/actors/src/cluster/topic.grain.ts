import type { actors } from '@rookery/contracts/messages';
import type { Clock } from '@rookery/runtime';
import { type Pid, pidByName } from '../local/pid.js';
import { generationOf, processOfAddress } from '../remote/addresses.js';
import type { GrainContext } from './grain.js';
import type { TopicsMessage } from './topic-messages.js';
import type { Topology } from './topology.js';

/** A process that has not said for so long that it has subscribers is forgotten; it says so every 10 s. */
const LEASE_MS = 30_000;

interface Listening {
  /** Of its actor system. */
  readonly address: string;
  /** Monotonic. */
  readonly until: number;
  wasMember: boolean;
}

/** A topic: knows the processes that have subscribers, and sends each of them one copy of what is published. */
export class TopicGrain {
  /** By what the process is called: its earlier actor systems are reached where its latest is, which would hear everything twice. */
  private readonly processes = new Map<string, Listening>();

  constructor(
    private readonly clock: Clock,
    private readonly view: () => Topology,
  ) {}

  publish(request: actors.PublishRequest, { identity: topic, system }: GrainContext): actors.PublishResponse {
    for (const [process, listening] of this.processes) {
      if (!this.isThere(listening)) this.processes.delete(process);
      else system.tell(topicsAt(listening.address), { type: '$TopicDelivery', topic, ...request });
    }
    return {};
  }

  subscribe({ address }: actors.SubscribeRequest): actors.SubscribeResponse {
    const known = this.knownAs(address);
    // What an earlier actor system had to say comes late.
    if (known !== undefined && generationOf(known.address) > generationOf(address)) return {};
    const wasMember = known?.address === address && known.wasMember;
    const until = this.clock.monotonic() + LEASE_MS;
    this.processes.set(processOfAddress(address), { address, until, wasMember });
    return {};
  }

  unsubscribe({ address }: actors.UnsubscribeRequest): actors.UnsubscribeResponse {
    if (this.knownAs(address)?.address === address) this.processes.delete(processOfAddress(address));
    return {};
  }

  private knownAs(address: string): Listening | undefined {
    return this.processes.get(processOfAddress(address));
  }

  /** A process may subscribe before it is known here as a member; one that was and is none any more has gone. */
  private isThere(listening: Listening): boolean {
    const isMember = this.view().memberAt(listening.address) !== undefined;
    const hasGone = listening.wasMember && !isMember;
    listening.wasMember = isMember;
    return !hasGone && listening.until > this.clock.monotonic();
  }
}

/** Whoever tells the subscribers in the process of that address. */
function topicsAt(address: string): Pid<TopicsMessage> {
  return pidByName(address, '$topics');
}
