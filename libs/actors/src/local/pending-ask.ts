import type { DeadlineWheel, Expirable } from '@rookery/resilience';
import { askTimeout, targetFailed, undeliverable } from './errors.js';
import { type AnyPid, bind, type Pid } from './pid.js';
import type { Process } from './process.js';
import { bare } from './queue-items.js';
import type { CellHost } from './cell-host.js';
import type { SystemMessage } from './system-messages.js';

/** What each ask is called in its Pid; their incarnations tell them apart. */
export const ASK_ID = '$ask';

/** Where asks are kept while they wait. */
export interface AskRegister {
  readonly deadlines: DeadlineWheel;
  removeAsk(ask: PendingAsk): void;
}

/** One question that waits for its answer: to the actor that is asked it is a sender like any other. */
export class PendingAsk implements Process, Expirable {
  readonly deadlineAt: number;
  readonly promise: Promise<unknown>;
  wheelSlot = 0;
  wheelIndex = -1;
  private resolve!: (answer: unknown) => void;
  private reject!: (error: unknown) => void;
  private isOpen = true;

  constructor(
    private readonly host: CellHost,
    private readonly register: AskRegister,
    /** Its sender, as the actor that is asked sees it. */
    readonly pid: Pid,
    readonly target: AnyPid,
    private readonly timeoutMs: number,
  ) {
    bind(pid, this);
    this.deadlineAt = host.clock.monotonic() + timeoutMs;
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    register.deadlines.add(this);
  }

  get owner(): object {
    return this.host;
  }

  get wantsFailures(): boolean {
    return true;
  }

  get backlog(): number {
    return 0;
  }

  get load(): number {
    return 0;
  }

  post(target: AnyPid, message: unknown, sender: Pid | undefined): void {
    if (!this.isOpen) return this.host.deadLetter(target, message, sender, 'late-answer');
    this.close();
    this.resolve(bare(message));
  }

  postSystem(target: AnyPid, message: SystemMessage): void {
    if (message.kind === 'watch') this.host.tellEnded(message.watcher, target, 'not-found');
    else if (message.kind === 'undeliverable') {
      this.fail(undeliverable(message.target, message.reason, message.detail));
    } else if (message.kind === 'answerer-failed') this.fail(targetFailed(message.target, message.error));
  }

  poison(): void {
    // It ends by its answer or its deadline.
  }

  expire(): void {
    this.fail(askTimeout(this.target, this.timeoutMs));
  }

  fail(error: unknown): void {
    if (!this.isOpen) return;
    this.close();
    this.reject(error);
  }

  private close(): void {
    this.isOpen = false;
    this.register.deadlines.remove(this);
    this.register.removeAsk(this);
  }
}
