import type { Clock, Scheduler } from '@rookery/runtime';

export type Phase = 'starting' | 'ready' | 'draining' | 'stopped';

/** Something that a service needs before it may be called. */
export interface Requirement {
  met(): void;
  /** `reason` is shown by /readyz. */
  unmet(reason: string): void;
}

/** Lets a module hold back readiness until what it needs is there, and take it back when it is lost. Injectable. */
export abstract class Readiness {
  /** A new requirement, unmet at first; `name` appears in the reasons of /readyz. */
  abstract require(name: string): Requirement;
}

/** Work of an app that a stop must end in order: an extra listener, a loop of its own. */
export interface DrainParticipant {
  readonly name: string;
  /** First step of the stop: start nothing new of your own. Callers are still served. */
  stop?(): void;
  /** After callers had time to notice, before anything is refused: give to other instances what is kept here for them. */
  handOver?(): Promise<void>;
  /** Then: refuse what is new, resolve when what is in flight has ended. */
  drain?(): Promise<void>;
  /** Nothing of any participant is in flight any more: end what they needed until now. */
  finish?(): Promise<void>;
  /** Requests being worked on. */
  inFlight?(): number;
  /** Requests accepted so far; the wait for callers to notice ends early when it stands still. */
  accepted?(): number;
}

/** Where a module says what a stop must end. Injectable. */
export abstract class Drain {
  abstract add(participant: DrainParticipant): void;
}

/** What the life of a service asks of the rest of the process. */
export interface LifecyclePorts {
  setServing(isServing: boolean): void;
  register(signal: AbortSignal): Promise<void>;
  deregister(): Promise<void>;
  /** Tells callers on open connections that no further call is accepted there. */
  sayGoodbye(): void | Promise<void>;
  /** Closes ports and connections. */
  close(): Promise<void>;
  /** Sends what must not be lost: the last report, the last log lines. */
  flush(): Promise<void>;
  /** A step failed but the sequence goes on. */
  warn(step: string, error: unknown): void;
}

export interface LifecycleLimits {
  readonly deregisterMs: number;
  readonly propagationMs: number;
  readonly flushMs: number;
  /** For the whole stop. */
  readonly drainLimitMs: number;
}

export interface StopOutcome {
  readonly isClean: boolean;
  /** Calls that were still running when the limit ended the stop. */
  readonly cutCalls: number;
  /** The step that was running when the limit ended the stop. */
  readonly step: string;
  readonly durationMs: number;
}

/** How often quietness and in-flight calls are looked at while stopping. */
const LOOK_MS = 20;

const STEP_NAMES = { handOver: 'hand over', drain: 'drain', finish: 'finish' } as const;

/**
 * The life of one service: starting → ready → draining → stopped. Knows the order and the limits, and nothing of what the
 * steps do.
 */
export class ServiceLifecycle implements Readiness, Drain {
  private current: Phase = 'starting';
  private step = 'nothing';
  private stopping: Promise<StopOutcome> | undefined;
  private readonly unmet = new Map<string, string>();
  private readonly participants: DrainParticipant[] = [];
  private readonly startAborted = new AbortController();
  private readonly waiting = new Set<() => void>();

  constructor(
    private readonly ports: LifecyclePorts,
    private readonly limits: LifecycleLimits,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
  ) {}

  get phase(): Phase {
    return this.current;
  }

  /** Why the service is not ready; empty when it is. */
  reasons(): readonly string[] {
    const phase = this.current === 'ready' ? [] : [this.current];
    return [...phase, ...[...this.unmet].map(([name, reason]) => `${name}: ${reason}`)];
  }

  require(name: string): Requirement {
    this.unmet.set(name, 'not yet there');
    return {
      met: () => this.settle(name, undefined),
      unmet: (reason) => this.settle(name, reason),
    };
  }

  add(participant: DrainParticipant): void {
    this.participants.push(participant);
  }

  inFlight(): number {
    return this.participants.reduce((sum, participant) => sum + (participant.inFlight?.() ?? 0), 0);
  }

  /** Waits for the requirements, then registers. Resolves with `ready`, or with `draining` when a stop came first. */
  async start(): Promise<Phase> {
    while (this.unmet.size > 0 && !this.startAborted.signal.aborted) {
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
    if (this.startAborted.signal.aborted) return this.current;
    this.ports.setServing(true);
    try {
      await this.ports.register(this.startAborted.signal);
    } catch (error) {
      if (!this.startAborted.signal.aborted) throw error;
    }
    if (this.current === 'starting') this.current = 'ready';
    return this.current;
  }

  /** Runs the ordered stop once; every call gets the same outcome. */
  stop(): Promise<StopOutcome> {
    this.stopping ??= this.runStop();
    return this.stopping;
  }

  private settle(name: string, reason: string | undefined): void {
    if (reason === undefined) this.unmet.delete(name);
    else this.unmet.set(name, reason);
    if (this.current === 'ready') this.ports.setServing(this.unmet.size === 0);
    this.wake();
  }

  private wake(): void {
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const resume of waiting) resume();
  }

  private async runStop(): Promise<StopOutcome> {
    const startedAt = this.clock.monotonic();
    this.current = 'draining';
    this.startAborted.abort();
    this.wake();
    const isClean = await this.bounded(this.limits.drainLimitMs, this.sequence());
    const outcome = {
      isClean,
      cutCalls: isClean ? 0 : this.inFlight(),
      step: this.step,
      durationMs: this.clock.monotonic() - startedAt,
    };
    this.current = 'stopped';
    return outcome;
  }

  private async sequence(): Promise<void> {
    this.ports.setServing(false);
    for (const participant of this.participants) this.stopOne(participant);
    await this.attempt('deregister', this.limits.deregisterMs, () => this.ports.deregister());
    await this.attempt('goodbye', this.limits.deregisterMs, async () => this.ports.sayGoodbye());
    this.step = 'wait for callers to notice';
    await this.untilQuiet();
    await this.letAll('handOver');
    await this.letAll('drain');
    while (this.inFlight() > 0) await this.pause(LOOK_MS);
    await this.letAll('finish');
    // The report goes out before the connections that carry it are closed.
    await this.attempt('flush', this.limits.flushMs, () => this.ports.flush());
    await this.attempt('close', this.limits.drainLimitMs, () => this.ports.close());
  }

  private stopOne(participant: DrainParticipant): void {
    try {
      participant.stop?.();
    } catch (error) {
      this.ports.warn(`stop ${participant.name}`, error);
    }
  }

  private async letAll(step: 'handOver' | 'drain' | 'finish'): Promise<void> {
    this.step = STEP_NAMES[step];
    await Promise.all(this.participants.map((participant) => this.letOne(participant, step)));
  }

  private async letOne(participant: DrainParticipant, step: 'handOver' | 'drain' | 'finish'): Promise<void> {
    try {
      await participant[step]?.();
    } catch (error) {
      this.ports.warn(`${STEP_NAMES[step]} ${participant.name}`, error);
    }
  }

  /** Callers have noticed when nothing new has come for half of the wait; then the other half is not waited for. */
  private async untilQuiet(): Promise<void> {
    const endsAt = this.clock.monotonic() + this.limits.propagationMs;
    const quietMs = this.limits.propagationMs / 2;
    let accepted = this.accepted();
    let quietSince = this.clock.monotonic();
    while (this.clock.monotonic() < endsAt && this.clock.monotonic() - quietSince < quietMs) {
      await this.pause(LOOK_MS);
      if (this.accepted() === accepted) continue;
      accepted = this.accepted();
      quietSince = this.clock.monotonic();
    }
  }

  private accepted(): number {
    return this.participants.reduce((sum, participant) => sum + (participant.accepted?.() ?? 0), 0);
  }

  private async attempt(step: string, limitMs: number, work: () => Promise<void>): Promise<void> {
    this.step = step;
    try {
      if (!(await this.bounded(limitMs, work()))) this.ports.warn(step, new Error(`not done within ${limitMs} ms`));
    } catch (error) {
      this.ports.warn(step, error);
    }
  }

  private pause(durationMs: number): Promise<void> {
    return new Promise((resolve) => this.scheduler.timer(durationMs, resolve));
  }

  /** True when `work` ended in time. Work that is late goes on unobserved. */
  private bounded(limitMs: number, work: Promise<void>): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const limit = this.scheduler.timer(limitMs, () => resolve(false));
      work.then(
        () => {
          limit.cancel();
          resolve(true);
        },
        (error: unknown) => {
          limit.cancel();
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }
}
