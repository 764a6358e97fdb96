import { actors } from '@rookery/contracts/messages';
import { DomainError } from '@rookery/runtime';
import { SlabReader } from '@rookery/wire';
import { RejectedCodec } from './rejected-codec.js';
import type { WireCodec, WireType, WireTypes } from './wire-type.js';

/** What the runtime itself sends as messages. */
const OWN: Readonly<Record<string, WireCodec>> = {
  $SpawnActor: actors.SpawnActor,
  $SpawnedActor: actors.SpawnedActor,
  $FindActor: actors.FindActor,
  $FoundActor: actors.FoundActor,
};

/**
 * The messages that may leave this process, by their `type`, each with the codec of its contract. A `type` has one meaning in
 * all processes that speak to each other. A contract of such a message has no field `type` of its own.
 */
export class WireMessages implements WireTypes {
  private readonly byName = new Map<string, WireType>();

  constructor() {
    this.add({ ...OWN, Rejected: new RejectedCodec(this) });
  }

  /** Throws TYPE_TAKEN when a `type` has another codec already, TYPE_FIELD when a contract has a field of that name. */
  add(codecs: Readonly<Record<string, WireCodec>>): this {
    for (const [name, codec] of Object.entries(codecs)) {
      checkField(name, codec);
      const known = this.byName.get(name);
      if (known === undefined) this.byName.set(name, { number: this.byName.size + 1, name, codec });
      else if (known.codec !== codec) {
        throw new DomainError('TYPE_TAKEN', `messages of type ${name} have another codec already`, {
          kind: 'already-exists',
        });
      }
    }
    return this;
  }

  named(name: string): WireType | undefined {
    return this.byName.get(name);
  }

  /** Undefined when the message has no type, or one that was not added. */
  typeOf(message: unknown): WireType | undefined {
    if (typeof message !== 'object' || message === null) return undefined;
    const { type } = message as { readonly type?: unknown };
    return typeof type === 'string' ? this.byName.get(type) : undefined;
  }
}

/** Where a contract has a field `type`, its messages could not say which they are. */
function checkField(name: string, codec: WireCodec): void {
  if (codec instanceof RejectedCodec || !('type' in codec.decode(new SlabReader(new Uint8Array()), 0))) return;
  throw new DomainError('TYPE_FIELD', `the contract of ${name} has a field "type", which tells messages apart here`, {
    kind: 'invalid-argument',
  });
}
