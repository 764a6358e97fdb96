import type { actors } from '@rookery/contracts/messages';
import type { DeadLetterReason } from '../local/dead-letter.js';
import { ASK_ID } from '../local/pending-ask.js';
import type { AnyPid, Pid } from '../local/pid.js';
import { bare } from '../local/queue-items.js';
import type { SystemMessage } from '../local/system-messages.js';
import type { Association } from './association.js';
import type { Counterpart } from './counterpart.js';
import { noticeOf } from './notices.js';
import type { Patience } from './patience.js';
import type { PeerHost } from './peer-host.port.js';
import type { PeerTraffic } from './peer-traffic.js';
import { fromPid } from './pid.mapper.js';
import type { SignalBody } from './signals.js';

/** A process with more signals to hear, the first of them for longer than this, will not catch up any more. */
const MAX_SIGNALS = 20_000;
const MAX_SIGNAL_AGE_MS = 60_000;
/** Why an answer cannot be sent although the way is open. */
const UNSENDABLE: ReadonlySet<DeadLetterReason> = new Set(['not-encodable', 'queue-full']);

/** What is known of the process that things are sent to, and what becomes of the way there. */
export interface OutgoingParts {
  readonly host: PeerHost;
  readonly there: Counterpart;
  readonly traffic: PeerTraffic;
  readonly patience: Patience;
  connect(): void;
  giveUp(reason: string): void;
}

/** What our actors send to one process: at once, later, or not at all. */
export class Outgoing {
  constructor(private readonly parts: OutgoingParts) {}

  tell(target: AnyPid, message: unknown, sender: Pid | undefined): void {
    const { host, there, traffic } = this.parts;
    const type = host.messages.typeOf(bare(message));
    there.learnFrom(target);
    if (type === undefined) {
      return this.refuse(target, message, sender, 'not-encodable', 'its type has no codec here');
    }
    if (traffic.tell(target, message, sender, type)) return;
    const reason = this.refusal;
    if (reason !== undefined) return this.refuse(target, message, sender, reason, there.trouble);
    traffic.push({ target, message, sender, type });
    this.parts.connect();
  }

  /** Why a message cannot wait for its turn. */
  private get refusal(): DeadLetterReason | undefined {
    const { patience, there, traffic } = this.parts;
    if (there.isAway || !patience.lasts) return 'unreachable';
    return traffic.isFull ? 'queue-full' : undefined;
  }

  /** A message does not go there. Who asked should not wait for an answer that cannot be sent. */
  refuse(target: AnyPid, message: unknown, sender: Pid | undefined, reason: DeadLetterReason, detail?: string): void {
    this.parts.host.core.deadLetter(target, message, sender, reason, detail);
    if (target.id !== ASK_ID || !UNSENDABLE.has(reason)) return;
    this.notify(noticeOf(target, { kind: 'undeliverable', target: sender ?? target, reason, detail }));
  }

  tellSystem(target: AnyPid, message: SystemMessage): void {
    switch (message.kind) {
      case 'stop':
        return this.signal(target, () => ({ stop: fromPid(target) }));
      case 'watch':
        return this.watch(message.watcher, target);
      case 'unwatch':
        return this.signal(target, (association) => association.unwatch(message.watcher, target));
      case 'ended':
        return this.signal(target, (association) => association.ended(target, message.who, message.reason));
      case 'undeliverable':
      case 'answerer-failed':
        return this.notify(noticeOf(target, message));
      default:
      // Families live in one process.
    }
  }

  poison(target: AnyPid): void {
    this.signal(target, () => ({ poison: fromPid(target) }));
  }

  private watch(watcher: AnyPid, target: AnyPid): void {
    const { host, there } = this.parts;
    if (there.meetSystemOf(target) === undefined) return host.core.tellEnded(watcher, target, 'address-terminated');
    this.signal(target, (association) => association.watch(watcher, target));
  }

  /** What is meant for a system that is not there any more is told to nobody. */
  private signal(target: AnyPid, make: (association: Association) => SignalBody): void {
    const { host, there, traffic } = this.parts;
    const association = there.meetSystemOf(target);
    if (association === undefined) return;
    const { signals } = association;
    const now = host.core.clock.monotonic();
    traffic.push(signals.add(make(association), now));
    const isBehind = signals.size > MAX_SIGNALS && now - (signals.waitingSince ?? now) > MAX_SIGNAL_AGE_MS;
    if (isBehind) this.parts.giveUp('it has fallen too far behind');
    this.parts.connect();
  }

  private notify(notice: actors.Notice): void {
    const { patience, there, traffic } = this.parts;
    if (there.isAway || !patience.lasts) return; // The ask ends at its deadline.
    traffic.push({ notice });
    this.parts.connect();
  }
}
