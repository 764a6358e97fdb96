import type { CallerActors, LinkActorUser } from '../src/link/caller-actors.js';
import { MAX_ACTOR_PAYLOAD_BYTES } from '../src/link/protocol.js';
import { LinkPair, type PairOptions } from './link-pair.js';
import { RecordedGate, RecordedRoute } from './recorded-actors.js';

/** The largest payload of a frame. */
export const full = Buffer.alloc(MAX_ACTOR_PAYLOAD_BYTES);

/** Sends actor frames by a link, and remembers what it hears. */
export class RecordedUser extends RecordedRoute implements LinkActorUser {
  actors: CallerActors | undefined;

  override up(actors?: CallerActors): void {
    this.actors = actors;
    super.up();
  }

  send(payload: string | Uint8Array): boolean {
    return this.actors?.send(Buffer.from(payload)) ?? false;
  }

  /** As much as goes. */
  flood(): number {
    let frames = 0;
    while (this.actors?.send(full) === true) frames++;
    return frames;
  }
}

export interface Joined {
  readonly pair: LinkPair;
  readonly gate: RecordedGate;
  readonly user: RecordedUser;
}

/** Both ends of a link whose actor frames go to `gate`. */
export async function joined(
  creditBytes = 1 << 20,
  options: PairOptions = {},
  gate = new RecordedGate(),
): Promise<Joined> {
  const pair = new LinkPair({ ...options, actors: { gate, creditBytes, refusalOf: () => undefined } });
  const user = new RecordedUser();
  pair.caller.actors.attach(user);
  await pair.settle();
  return { pair, gate, user };
}
