import type { ActorContext } from '../local/actor.js';
import type { Activations } from './activations.js';
import type { GrainsMessage } from './grain-messages.js';
import type { GrainPlace } from './grain-place.js';
import type { GrainsParts } from './grains-parts.js';
import { grainsAt, type View } from './view.js';

const MOST_STRANGERS = 100;

/** What this process waits for: that its grains do not run elsewhere any more. */
export class Claims {
  /** Addresses of processes that see us as a member and that we do not see as one, or not yet. */
  private readonly strangers = new Set<string>();

  constructor(
    private readonly parts: GrainsParts,
    private readonly activations: Activations,
    private readonly view: View,
    private readonly context: ActorContext<GrainsMessage>,
  ) {}

  get isOpen(): boolean {
    return this.parts.round.unconfirmed.size > 0;
  }

  /** The view has changed: all others are asked anew. Who is no member any more claims nothing. */
  begin(): void {
    const { round } = this.parts;
    for (const address of this.strangers) if (this.view.isMember(address)) this.strangers.delete(address);
    const asked = this.view.isMember(this.view.self) ? [...this.view.others, ...this.strangers] : [];
    round.begin(this.view.version, asked, this.now);
    this.inquire();
    this.noteProgress(0);
  }

  /** Starts a grain of ours as soon as nobody else may be running it. */
  seek(place: GrainPlace): void {
    place.awaited = new Set(this.parts.round.unconfirmed);
    if (place.awaited.size === 0) this.activations.start(place);
    else this.askToRelease(place);
  }

  /** Who asks us sees us as a member. When we do not see it as one, it may own grains that we take for ours later. */
  meet(address: string): void {
    if (!this.view.isMember(address) && this.strangers.size < MOST_STRANGERS) this.strangers.add(address);
  }

  handedOver(address: string, version: string, round: number): void {
    if (!this.parts.round.confirm(address, version, round)) return;
    this.noteProgress(0);
    this.startWhatMay();
  }

  released(place: GrainPlace | undefined, address: string): void {
    if (place === undefined || place.pid !== undefined || !place.awaited.has(address)) return;
    place.awaited = new Set([...place.awaited].filter((one) => one !== address));
    if (place.awaited.size === 0) this.activations.start(place);
  }

  tick(): void {
    const given = this.parts.round.giveUp(this.now);
    if (given.length > 0) this.noteProgress(given.length);
    for (const address of given) this.strangers.delete(address);
    this.inquire();
    this.startWhatMay();
    for (const place of this.activations.restless) if (place.pid === undefined) this.askToRelease(place);
  }

  private get now(): number {
    return this.parts.core.clock.monotonic();
  }

  private startWhatMay(): void {
    const { unconfirmed } = this.parts.round;
    for (const place of [...this.activations.restless]) {
      if (place.pid !== undefined) continue;
      place.awaited = new Set([...place.awaited].filter((address) => unconfirmed.has(address)));
      if (place.awaited.size === 0) this.activations.start(place);
    }
  }

  private inquire(): void {
    const { number: round, unconfirmed } = this.parts.round;
    const message = { type: '$HandOver', topologyVersion: this.view.version, round } as const;
    for (const address of unconfirmed) this.context.tell(grainsAt(address), message);
  }

  private askToRelease({ awaited, identity, kind }: GrainPlace): void {
    const message = { type: '$Release', kind: kind.name, identity } as const;
    for (const address of awaited) this.context.tell(grainsAt(address), message);
  }

  private noteProgress(given: number): void {
    const { observer, round } = this.parts;
    if (round.unconfirmed.size === 0) observer.handedOver(round.ageAt(this.now), given);
  }
}
