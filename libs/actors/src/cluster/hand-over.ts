import type { ActorContext, Received } from '../local/actor.js';
import { type Pid, pidByName } from '../local/pid.js';
import type { Activations } from './activations.js';
import type { GrainsMessage, HandOverMessage, Leave, NotOwner } from './grain-messages.js';
import { grainKey, type GrainPlace } from './grain-place.js';
import type { GrainsParts } from './grains.actor.js';
import type { Topology } from './topology.js';

/** A member that wants to hear when nothing of its own runs here any more. */
interface Inquirer {
  readonly pid: Pid;
  readonly version: string;
  readonly round: number;
}

/** A member that waits for a grain which is ours as we see the cluster. It may see it earlier, or later, than we do. */
interface HeldRelease {
  readonly kind: string;
  readonly identity: string;
  readonly askers: Map<string, Pid>;
}

const MOST_HELD = 10_000;

/**
 * Who owns which grain, and how a grain goes from one process to another: the new owner starts it when each other member has
 * said either that nothing of the new owner's runs there (`HandedOver`, once for each view of the cluster) or that this grain
 * does not (`Released`, asked for while that is outstanding). A member says so only when it sees the grain as another's too, and
 * lets the activation end first. So no two members run one grain, as long as they hear of each other in time.
 */
export class HandOver {
  topology: Topology;
  private readonly self: string;
  /** Activations of ours that are others' now. */
  private readonly foreign = new Set<GrainPlace>();
  private readonly inquirers = new Map<string, Inquirer>();
  private readonly held = new Map<string, HeldRelease>();
  private leaver: Pid | undefined;

  constructor(
    private readonly parts: GrainsParts,
    private readonly activations: Activations,
    private readonly context: ActorContext<GrainsMessage>,
  ) {
    this.self = context.self.address;
    this.topology = parts.view();
    this.begin();
  }

  /** Whether anything has to be said again, or given up, in time. */
  get isOpen(): boolean {
    return this.parts.round.unconfirmed.size > 0 || this.leaver !== undefined;
  }

  isOurs(kind: string, identity: string): boolean {
    return this.topology.ownerOf(kind, identity)?.address === this.self;
  }

  notOwner(kind: string, identity: string): NotOwner {
    const owner = this.topology.ownerOf(kind, identity);
    const topologyVersion = this.topology.version;
    return { type: '$NotOwner', ownerId: owner?.id ?? '', ownerAddress: owner?.address ?? '', topologyVersion };
  }

  install(topology: Topology): void {
    if (topology.version === this.topology.version) return;
    this.topology = topology;
    if (topology.memberAt(this.self) === undefined) this.leaver = undefined;
    this.foreign.clear();
    this.begin();
    for (const place of [...this.activations.all()]) this.review(place);
    const held = [...this.held.values()];
    this.held.clear();
    for (const { askers, identity, kind } of held)
      for (const asker of askers.values()) this.release(kind, identity, asker);
    this.confirmToInquirers();
  }

  /** Starts a grain of ours as soon as nobody else may be running it. */
  seek(place: GrainPlace): void {
    place.awaited = new Set(this.parts.round.unconfirmed);
    if (place.awaited.size === 0) this.activations.start(place);
    else this.askToRelease(place);
  }

  receive(message: Received<HandOverMessage | Leave>): void {
    const { sender } = this.context;
    if (sender === undefined) return;
    switch (message.type) {
      case '$HandOver':
        this.inquirers.set(sender.address, { pid: sender, version: message.topologyVersion, round: message.round });
        return this.confirmToInquirers();
      case '$HandedOver':
        if (!this.parts.round.confirm(sender.address, message.topologyVersion, message.round)) return;
        this.noteProgress(0);
        return this.startWhatMay();
      case '$Release':
        return this.release(message.kind, message.identity, sender);
      case '$Released':
        return this.released(message.kind, message.identity, sender.address);
      case '$Leaving':
        return this.parts.news.leaves(message.memberId, message.incarnation);
      case '$Left':
        return this.parts.news.hasLeft(message.memberId, message.incarnation);
      case 'Leave':
        this.leaver = sender;
        this.tellLeaving();
        return this.answerLeaver();
    }
  }

  /** An activation has ended, and with it perhaps what another member waits for. */
  ended(place: GrainPlace): void {
    this.foreign.delete(place);
    const askers = [...place.askers.values()];
    place.askers.clear();
    for (const asker of askers) this.release(place.kind.name, place.identity, asker);
    if (place.parked.length > 0) this.seek(place);
    this.confirmToInquirers();
    this.answerLeaver();
  }

  tick(): void {
    const { round } = this.parts;
    const given = round.giveUp(this.parts.core.clock.monotonic());
    if (given > 0) this.noteProgress(given);
    for (const address of round.unconfirmed) this.inquire(address);
    this.startWhatMay();
    for (const place of this.activations.restless) if (place.pid === undefined) this.askToRelease(place);
    if (this.leaver !== undefined) this.tellLeaving();
  }

  private begin(): void {
    const { round } = this.parts;
    round.begin(this.topology, this.self, this.parts.core.clock.monotonic());
    for (const address of round.unconfirmed) this.inquire(address);
    this.noteProgress(0);
  }

  private noteProgress(given: number): void {
    const { core, observer, round } = this.parts;
    if (round.unconfirmed.size === 0) observer.handedOver(round.ageAt(core.clock.monotonic()), given);
  }

  /** What a new view means for a grain that is here. */
  private review(place: GrainPlace): void {
    const kind = place.kind.name;
    if (this.isOurs(kind, place.identity)) {
      if (place.pid === undefined) this.seek(place);
      return;
    }
    if (place.pid !== undefined) this.foreign.add(place);
    this.activations.end(place, 'moved');
    this.activations.dismiss(place, this.notOwner(kind, place.identity));
  }

  private startWhatMay(): void {
    const { unconfirmed } = this.parts.round;
    for (const place of [...this.activations.restless]) {
      if (place.pid !== undefined) continue;
      place.awaited = new Set([...place.awaited].filter((address) => unconfirmed.has(address)));
      if (place.awaited.size === 0) this.activations.start(place);
    }
  }

  private released(kind: string, identity: string, address: string): void {
    const place = this.activations.find(kind, identity);
    if (place === undefined || place.pid !== undefined || !place.awaited.has(address)) return;
    place.awaited = new Set([...place.awaited].filter((one) => one !== address));
    if (place.awaited.size === 0) this.activations.start(place);
  }

  /** Another member waits for this grain. */
  private release(kind: string, identity: string, asker: Pid): void {
    const place = this.activations.find(kind, identity);
    if (place?.pid !== undefined) place.askers.set(asker.address, asker);
    else if (!this.isOurs(kind, identity)) this.tell(asker, { type: '$Released', kind, identity });
    else this.hold(kind, identity, asker);
  }

  /** Until our view changes; the other asks again. */
  private hold(kind: string, identity: string, asker: Pid): void {
    const key = grainKey(kind, identity);
    const known = this.held.get(key) ?? { kind, identity, askers: new Map<string, Pid>() };
    known.askers.set(asker.address, asker);
    if (this.held.size < MOST_HELD) this.held.set(key, known);
  }

  private confirmToInquirers(): void {
    if (this.foreign.size > 0) return;
    const { version } = this.topology;
    for (const [address, inquirer] of this.inquirers) {
      if (inquirer.version !== version) continue;
      this.inquirers.delete(address);
      this.tell(inquirer.pid, { type: '$HandedOver', topologyVersion: version, round: inquirer.round });
    }
  }

  private inquire(address: string): void {
    const { number } = this.parts.round;
    this.tell(grainsAt(address), { type: '$HandOver', topologyVersion: this.topology.version, round: number });
  }

  private askToRelease({ awaited, identity, kind }: GrainPlace): void {
    for (const address of awaited) this.tell(grainsAt(address), { type: '$Release', kind: kind.name, identity });
  }

  private tellLeaving(): void {
    const { id: memberId, incarnation } = this.parts.self;
    for (const { address } of this.topology.members) {
      if (address !== this.self) this.tell(grainsAt(address), { type: '$Leaving', memberId, incarnation });
    }
  }

  private answerLeaver(): void {
    if (this.leaver === undefined || this.activations.size > 0) return;
    this.context.tell(this.leaver, true);
    this.leaver = undefined;
  }

  private tell(target: Pid<GrainsMessage>, message: HandOverMessage): void {
    this.context.tell(target, message);
  }
}

/** Whoever takes calls of grains in the process of that address. */
export function grainsAt(address: string): Pid<GrainsMessage> {
  return pidByName(address, '$grains');
}
