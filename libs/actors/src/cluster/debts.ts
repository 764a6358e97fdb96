import type { ActorContext } from '../local/actor.js';
import type { Pid } from '../local/pid.js';
import type { Activations } from './activations.js';
import type { GrainsMessage, HandOverMessage } from './grain-messages.js';
import { grainKey, type GrainPlace } from './grain-place.js';
import type { View } from './view.js';

/** A member that wants to hear when nothing of its own runs here any more. */
interface Inquirer {
  readonly pid: Pid;
  readonly version: string;
  readonly round: number;
}

/** Members that wait for a grain which is ours as we see the cluster. They may see it earlier, or later, than we do. */
interface Held {
  readonly kind: string;
  readonly identity: string;
  /** By address. */
  readonly askers: Map<string, Pid>;
}

const MOST_HELD = 10_000;

/** What others wait for: that their grains do not run here any more. */
export class Debts {
  /** Activations of ours that are others' by now. */
  private readonly foreign = new Set<GrainPlace>();
  private readonly inquirers = new Map<string, Inquirer>();
  private readonly held = new Map<string, Held>();
  /** The view of each other member, as far as it has told us. */
  private readonly views = new Map<string, string>();

  constructor(
    private readonly activations: Activations,
    private readonly view: View,
    private readonly context: ActorContext<GrainsMessage>,
  ) {}

  /** The view has changed, and what is here may be others' now. */
  review(): void {
    this.foreign.clear();
    for (const address of this.views.keys()) if (!this.view.isMember(address)) this.views.delete(address);
    // Who is none of the members and still waits asks again.
    for (const address of this.inquirers.keys()) if (!this.view.isMember(address)) this.inquirers.delete(address);
    for (const place of [...this.activations.all()]) {
      if (!this.view.isOurs(place.kind.name, place.identity)) this.giveUp(place);
    }
    const held = [...this.held.values()];
    this.held.clear();
    for (const { askers, identity, kind } of held) {
      for (const asker of askers.values()) this.release(kind, identity, asker);
    }
    this.confirm();
  }

  /** An activation has ended, and with it perhaps what another member waits for. */
  ended(place: GrainPlace): void {
    this.foreign.delete(place);
    for (const asker of place.takeAskers()) this.release(place.kind.name, place.identity, asker);
    this.confirm();
  }

  /** Whether all other members see the cluster as we do. */
  get areSeenByAll(): boolean {
    return this.view.others.every((address) => this.views.get(address) === this.view.version);
  }

  inquired(pid: Pid, version: string, round: number): void {
    if (this.view.isMember(pid.address)) this.views.set(pid.address, version);
    this.inquirers.set(pid.address, { pid, version, round });
    this.confirm();
  }

  /** Another member waits for this grain. */
  release(kind: string, identity: string, asker: Pid): void {
    const place = this.activations.find(kind, identity);
    if (place?.pid !== undefined) place.ask(asker);
    else if (this.view.isOurs(kind, identity)) this.hold(kind, identity, asker);
    else this.tell(asker, { type: '$Released', kind, identity });
  }

  private giveUp(place: GrainPlace): void {
    if (place.pid !== undefined) this.foreign.add(place);
    this.activations.end(place, 'moved');
    this.activations.dismiss(place, this.view.notOwner(place.kind.name, place.identity));
  }

  /** Until our view changes. Who still waits asks again. */
  private hold(kind: string, identity: string, asker: Pid): void {
    const key = grainKey(kind, identity);
    const known = this.held.get(key) ?? { kind, identity, askers: new Map<string, Pid>() };
    known.askers.set(asker.address, asker);
    if (this.held.size < MOST_HELD) this.held.set(key, known);
  }

  private confirm(): void {
    if (this.foreign.size > 0) return;
    const { version: topologyVersion } = this.view;
    for (const [address, { pid, round, version }] of this.inquirers) {
      if (version !== topologyVersion) continue;
      this.inquirers.delete(address);
      this.tell(pid, { type: '$HandedOver', topologyVersion, round });
    }
  }

  private tell(target: Pid<GrainsMessage>, message: HandOverMessage): void {
    this.context.tell(target, message);
  }
}
