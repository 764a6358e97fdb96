import type { actors } from '@rookery/contracts/messages';
import type { TerminatedReason } from '../local/lifecycle-messages.js';
import type { AnyPid, Pid } from '../local/pid.js';
import type { SystemCore } from '../local/system-core.js';
import { STOP } from '../local/system-messages.js';
import type { AskNumbering } from './frame-writer.js';
import { fromPid, ownByName, pidIn } from './pid.mapper.js';
import { RemoteWatches } from './remote-watches.js';
import { type NumberedSignal, type SignalBody, SignalOutbox } from './signals.js';

/** Our actor system and one other, for as long as neither is replaced: what they owe each other whatever connections do. */
export class Association implements AskNumbering {
  readonly signals = new SignalOutbox();
  /** Unknown until that system has told: then nothing is sent there yet. */
  askOrigin = 0;
  /** The last signal that came from there. */
  received = 0;
  /** One of the two systems is gone. */
  isOver = false;
  /** Our actors that watch theirs. */
  private readonly ours = new RemoteWatches();
  /** Theirs that watch ours. */
  private readonly theirs = new RemoteWatches();

  constructor(
    private readonly core: SystemCore,
    readonly address: string,
  ) {}

  /** One of our actors watches one of theirs. */
  get hasWatches(): boolean {
    return !this.ours.isEmpty;
  }

  // What our actors want of theirs. Each gives the signal that says so.

  watch(watcher: AnyPid, target: AnyPid): SignalBody {
    this.ours.add({ watcher, target });
    return { watch: { watcher: fromPid(watcher), target: fromPid(target) } };
  }

  unwatch(watcher: AnyPid, target: AnyPid): SignalBody {
    this.ours.remove({ watcher, target });
    return { unwatch: { watcher: fromPid(watcher), target: fromPid(target) } };
  }

  ended(watcher: AnyPid, who: AnyPid, reason: TerminatedReason): SignalBody {
    this.theirs.remove({ watcher, target: who });
    return { ended: { watcher: fromPid(watcher), who: fromPid(who), reason } };
  }

  // What comes from there.

  /** False when signals before this one are missing. */
  receive({ number, ...body }: actors.Signal): boolean {
    if (number > this.received + 1) return false;
    if (number === this.received + 1) {
      this.received = number;
      this.heed(body);
    }
    return true;
  }

  private heed(signal: SignalBody): void {
    if (signal.watch !== undefined) this.watched(this.watchOf(signal.watch));
    else if (signal.unwatch !== undefined) this.unwatched(this.watchOf(signal.unwatch));
    else if (signal.ended !== undefined) this.heardOfEnd(signal.ended);
    else if (signal.stop !== undefined) this.core.postSystem(this.own(signal.stop), STOP);
    else if (signal.poison !== undefined) this.core.poison(this.own(signal.poison));
  }

  private own(target: actors.Pid): Pid {
    return ownByName(this.core.book.address, pidIn(this.address, target));
  }

  private watchOf({ watcher, target }: actors.Watch): { readonly watcher: Pid; readonly target: Pid } {
    return { watcher: pidIn(this.address, watcher), target: pidIn(this.address, target) };
  }

  private watched(watch: { readonly watcher: Pid; readonly target: Pid }): void {
    this.theirs.add(watch);
    this.core.postSystem(watch.target, { kind: 'watch', watcher: watch.watcher });
  }

  private unwatched(watch: { readonly watcher: Pid; readonly target: Pid }): void {
    this.theirs.remove(watch);
    this.core.postSystem(watch.target, { kind: 'unwatch', watcher: watch.watcher });
  }

  /** To the watcher as it was when it began to watch: some are reached by that Pid alone. */
  private heardOfEnd({ reason, watcher, who }: actors.Ended): void {
    const target = pidIn(this.address, who);
    const watch = this.ours.remove({ watcher: pidIn(this.address, watcher), target });
    if (watch !== undefined) this.core.tellEnded(watch.watcher, watch.target, reasonOf(reason));
  }

  /** The other system is gone: our watchers hear of it, and nobody there watches any more. */
  end(): void {
    this.isOver = true;
    this.signals.restart();
    for (const { target, watcher } of this.theirs.takeAll()) this.core.postSystem(target, { kind: 'unwatch', watcher });
    for (const { target, watcher } of this.ours.takeAll()) this.core.tellEnded(watcher, target, 'address-terminated');
  }
}

/** Signals say whom they are about by whole addresses, because they outlive the connection. */
export function entryOf({ body, number }: NumberedSignal): Partial<actors.Entry> {
  return { signal: { number, ...body } };
}

function reasonOf(reason: string): TerminatedReason {
  return reason === 'not-found' || reason === 'address-terminated' ? reason : 'stopped';
}
