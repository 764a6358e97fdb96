import type { ActorContext } from '../local/actor.js';
import type { Immutable } from '../local/immutable.js';
import type { Pid } from '../local/pid.js';
import type { Activations } from './activations.js';
import { Claims } from './claims.js';
import { Debts } from './debts.js';
import type { GrainsMessage, HandOverMessage, Leave } from './grain-messages.js';
import type { GrainPlace } from './grain-place.js';
import type { GrainsParts } from './grains-parts.js';
import type { Topology } from './topology.js';
import { grainsAt, View } from './view.js';

/** What a member says of itself, for which it wants no answer. */
type Word = Extract<HandOverMessage, { readonly type: '$Leaving' | '$Left' }>;

/**
 * How a grain goes from one process to another. The new owner starts it when each other member has said either that nothing of
 * the new owner's runs there (`HandedOver`, once for each view of the cluster) or that this grain does not (`Released`, asked
 * for while that is outstanding). A member says so only when it sees the grain as another's too, and lets the activation end
 * first; and it asks in its turn before it starts the grain again. So no two members run one grain as long as they hear of each
 * other in time, in whatever order they come to see the cluster.
 */
export class HandOver {
  readonly view: View;
  private readonly claims: Claims;
  private readonly debts: Debts;
  private leaver: Pid | undefined;

  constructor(
    private readonly parts: GrainsParts,
    private readonly activations: Activations,
    private readonly context: ActorContext<GrainsMessage>,
  ) {
    this.view = new View(context.self.address, parts.view());
    this.claims = new Claims(parts, activations, this.view, context);
    this.debts = new Debts(activations, this.view, context);
    this.claims.begin();
  }

  /** Whether anything has to be said again, or given up, in time. */
  get isOpen(): boolean {
    return this.claims.isOpen || this.leaver !== undefined;
  }

  install(topology: Topology): void {
    if (topology.version === this.view.version) return;
    this.view.topology = topology;
    if (!this.view.isMember(this.view.self)) this.leaver = undefined;
    this.claims.begin();
    this.debts.review();
    for (const place of [...this.activations.restless]) if (place.pid === undefined) this.claims.seek(place);
  }

  /** A grain of ours is called for. */
  seek(place: GrainPlace): void {
    this.claims.seek(place);
  }

  receive(message: Immutable<HandOverMessage | Leave>): void {
    const { sender } = this.context;
    if (message.type === '$Leaving') return this.parts.news.leaves(message.memberId, message.incarnation);
    if (message.type === '$Left') return this.parts.news.hasLeft(message.memberId, message.incarnation);
    // All others want an answer, or are one.
    if (sender !== undefined) this.receiveFrom(sender, message);
  }

  private receiveFrom(sender: Pid, message: Immutable<Exclude<HandOverMessage | Leave, Word>>): void {
    switch (message.type) {
      case '$HandOver':
        this.claims.meet(sender.address);
        return this.debts.inquired(sender, message.topologyVersion, message.round);
      case '$HandedOver':
        return this.claims.handedOver(sender.address, message.topologyVersion, message.round);
      case '$Release':
        this.claims.meet(sender.address);
        return this.debts.release(message.kind, message.identity, sender);
      case '$Released':
        return this.claims.released(this.activations.find(message.kind, message.identity), sender.address);
      case 'Leave':
        this.leaver = sender;
        this.tellLeaving();
        return this.answerLeaver();
    }
  }

  /** An activation has ended. */
  ended(place: GrainPlace): void {
    this.debts.ended(place);
    if (place.parked.length > 0) this.claims.seek(place);
    this.answerLeaver();
  }

  tick(): void {
    this.claims.tick();
    if (this.leaver !== undefined) this.tellLeaving();
  }

  private tellLeaving(): void {
    const { id: memberId, incarnation } = this.parts.self;
    for (const address of this.view.others) {
      this.context.tell(grainsAt(address), { type: '$Leaving', memberId, incarnation });
    }
  }

  private answerLeaver(): void {
    if (this.leaver === undefined || this.activations.size > 0) return;
    this.context.tell(this.leaver, true);
    this.leaver = undefined;
  }
}
