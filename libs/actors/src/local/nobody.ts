import type { AnyPid, Pid } from './pid.js';
import type { Process } from './process.js';
import type { CellHost } from './cell-host.js';
import type { SystemMessage } from './system-messages.js';

/** Stands behind every Pid whose actor is not there. */
export class Nobody implements Process {
  readonly wantsFailures = false;
  readonly backlog = 0;
  readonly load = 0;

  constructor(private readonly host: CellHost) {}

  get owner(): object {
    return this.host;
  }

  post(target: AnyPid, message: unknown, sender: Pid | undefined): void {
    this.host.deadLetter(target, message, sender, 'not-found');
  }

  postSystem(target: AnyPid, message: SystemMessage): void {
    if (message.kind === 'watch') this.host.tellEnded(message.watcher, target, 'not-found');
  }

  poison(): void {
    // It is what was wanted already.
  }
}
