import type { AnyPid, Pid } from '../local/pid.js';
import { ASK_ID } from '../local/pending-ask.js';
import type { Process } from '../local/process.js';
import type { SystemMessage } from '../local/system-messages.js';
import type { Outgoing } from './outgoing.js';

/** Stands here behind the Pid of an actor, or of an ask, of another process. */
export class RemoteActor implements Process {
  /** Its mailbox is elsewhere. */
  readonly backlog = 0;
  readonly load = 0;

  constructor(
    readonly owner: object,
    private readonly outgoing: Outgoing,
    private readonly pid: AnyPid,
  ) {}

  get wantsFailures(): boolean {
    return this.pid.id === ASK_ID;
  }

  post(target: AnyPid, message: unknown, sender: Pid | undefined): void {
    this.outgoing.tell(target, message, sender);
  }

  postSystem(target: AnyPid, message: SystemMessage): void {
    this.outgoing.tellSystem(target, message);
  }

  poison(target: AnyPid): void {
    this.outgoing.poison(target);
  }
}
