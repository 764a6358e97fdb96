import type { Cancellable, DomainError } from '@rookery/runtime';
import { stopTimeout } from './errors.js';
import { type AnyPid, bind, type Pid } from './pid.js';
import type { Process } from './process.js';
import type { CellHost } from './cell-host.js';
import type { SystemMessage } from './system-messages.js';

/** Somebody outside who waits for the end of an actor. */
export class PendingEnd implements Process {
  readonly wantsFailures = false;
  readonly backlog = 0;
  readonly load = 0;
  readonly promise: Promise<void>;
  private readonly limit: Cancellable;
  private resolve!: () => void;

  constructor(
    private readonly host: CellHost,
    private readonly pid: Pid,
    target: AnyPid,
    timeoutMs: number,
  ) {
    bind(pid, this);
    let reject!: (error: DomainError) => void;
    this.promise = new Promise((resolve, rejectWith) => {
      this.resolve = resolve;
      reject = rejectWith;
    });
    this.limit = host.scheduler.timer(timeoutMs, () => {
      host.postSystem(target, { kind: 'unwatch', watcher: this.pid });
      reject(stopTimeout([{ pid: target }], timeoutMs));
    });
    host.postSystem(target, { kind: 'watch', watcher: this.pid });
  }

  get owner(): object {
    return this.host;
  }

  post(target: AnyPid, message: unknown, sender: Pid | undefined): void {
    this.host.deadLetter(target, message, sender, 'not-found');
  }

  postSystem(_target: AnyPid, message: SystemMessage): void {
    if (message.kind !== 'ended') return;
    this.limit.cancel();
    this.resolve();
  }

  poison(): void {
    // Nobody knows this Pid but the actor that it waits for.
  }
}
