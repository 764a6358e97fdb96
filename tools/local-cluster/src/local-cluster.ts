import type { Resolver } from '@rookery/discovery';
import type { Clock, Random, Scheduler } from '@rookery/runtime';
import type { ClusterDescription, ClusterFile, ClusterInstance } from './cluster-file.js';
import { type AskPid, JoinedInstances } from './joined-instances.js';
import type { RunRecord } from './run-record.js';
import { type ProcessObserver, type ProcessPlan, type Spawner, SupervisedProcess } from './supervised-process.js';

/** What the cluster needs from its surroundings. */
export interface ClusterPorts {
  readonly spawner: Spawner;
  readonly observer: ProcessObserver;
  readonly clock: Clock;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly record: Pick<RunRecord, 'write' | 'remove'>;
  readonly file: Pick<ClusterFile, 'write' | 'remove'>;
}

/** Longer than a service's own limit (25 s) would test a person's patience; the monitor and the providers need far less. */
const STOP_LIMIT_MS = 8000;
/** Processes that are no service: they are in no registry. */
const INFRASTRUCTURE = new Set(['postgres', 'registry', 'issuer']);

/** All processes of one cluster: starts them together, keeps them up, stops them in order, and tells where they are. */
export class LocalCluster {
  private readonly processes: readonly SupervisedProcess[];
  private readonly waiting = new Set<() => void>();
  private joined: JoinedInstances | undefined;
  private described: Omit<ClusterDescription, 'instances'> | undefined;
  private stopping: Promise<void> | undefined;

  constructor(
    plans: readonly ProcessPlan[],
    private readonly ports: ClusterPorts,
  ) {
    const { spawner, clock, random, scheduler } = ports;
    const observer: ProcessObserver = { ...bound(ports.observer), changed: () => this.changed() };
    this.processes = plans.map((plan) => new SupervisedProcess(plan, spawner, observer, clock, random, scheduler));
  }

  get expected(): number {
    return this.processes.length;
  }

  get up(): number {
    return this.processes.filter(({ state }) => state === 'ready').length;
  }

  get isStopping(): boolean {
    return this.stopping !== undefined;
  }

  /** Ids of processes that are not ready. */
  lacking(): readonly string[] {
    return this.processes.filter(({ state }) => state !== 'ready').map(({ plan }) => plan.id);
  }

  /** Starts what needs nobody, and each of the others as soon as the one that it needs is ready. */
  start(): void {
    for (const one of this.processes) {
      if (one.state === 'held' && this.hasWhatItNeeds(one)) one.start();
    }
  }

  private hasWhatItNeeds({ plan: { needs } }: SupervisedProcess): boolean {
    return needs === undefined || this.processes.some(({ plan, state }) => plan.id === needs && state === 'ready');
  }

  /** The last words of a process that its own settings keep from running; undefined when there is none. */
  get refusal(): string | undefined {
    return this.processes.find(({ isRefused }) => isRefused)?.lastWords;
  }

  /** Resolves with true when every process is ready, with false when the cluster is stopped before or a process is refused. */
  async untilReady(): Promise<boolean> {
    while (!this.isStopping && this.refusal === undefined && this.up < this.expected) {
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
    return !this.isStopping && this.refusal === undefined;
  }

  /** Base URL of the HTTP port of a service that runs here, if one is ready. */
  httpOf(service: string): string | undefined {
    const found = this.processes.find(({ plan, ready }) => plan.service === service && ready?.http !== undefined);
    return found === undefined ? undefined : `http://127.0.0.1:${found.ready?.http}`;
  }

  /** From now on the cluster file exists and follows every change; instances that others start here are in it too. */
  describe(description: Omit<ClusterDescription, 'instances'>, resolver: Resolver, askPid: AskPid): void {
    const own = new Set(this.processes.map(({ plan }) => plan.id));
    this.described = description;
    this.joined?.close();
    this.joined = new JoinedInstances(
      resolver,
      (id) => own.has(id),
      askPid,
      () => this.writeFile(),
    );
    this.writeFile();
  }

  /** A new token for the cluster file. */
  renewToken(token: string): void {
    if (this.described !== undefined) this.described = { ...this.described, token };
    this.writeFile();
  }

  /** Stops stage after stage, consumers first and the registry last. Every call gets the same promise. */
  stop(): Promise<void> {
    this.stopping ??= this.stopInOrder();
    return this.stopping;
  }

  /** Ends everything at once. */
  kill(): void {
    for (const one of this.processes) one.kill();
  }

  private async stopInOrder(): Promise<void> {
    this.joined?.close();
    // From here on nothing describes the cluster, or a process that goes would write the file again.
    this.described = undefined;
    this.ports.file.remove();
    this.wake();
    for (const one of this.processes) one.letGo();
    const stages = [...new Set(this.processes.map(({ plan }) => plan.stage))].sort((left, right) => right - left);
    for (const stage of stages) {
      const together = this.processes.filter(({ plan }) => plan.stage === stage);
      await Promise.all(together.map((one) => one.stop(STOP_LIMIT_MS)));
    }
    this.ports.record.remove();
  }

  private changed(): void {
    if (!this.isStopping) this.start();
    this.ports.record.write(
      this.processes.flatMap(({ plan, pid }) => (pid === undefined ? [] : [{ id: plan.id, pid }])),
    );
    this.writeFile();
    this.ports.observer.changed();
    this.wake();
  }

  private wake(): void {
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const resume of waiting) resume();
  }

  private writeFile(): void {
    if (this.described === undefined || this.isStopping) return;
    const instances = [...this.ownInstances(), ...(this.joined?.current() ?? [])];
    this.ports.file.write({ ...this.described, instances });
  }

  private ownInstances(): readonly ClusterInstance[] {
    return this.processes.flatMap(({ plan, ready }) => {
      if (ready === undefined || INFRASTRUCTURE.has(plan.service)) return [];
      return [{ service: plan.service, id: plan.id, pid: ready.pid, grpc: ready.grpc, http: ready.http }];
    });
  }
}

function bound(observer: ProcessObserver): Pick<ProcessObserver, 'line' | 'notice'> {
  return {
    line: (plan, line) => observer.line(plan, line),
    notice: (plan, text, isBad) => observer.notice(plan, text, isBad),
  };
}
