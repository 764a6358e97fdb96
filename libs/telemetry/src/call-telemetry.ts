import type { monitor } from '@rookery/contracts/messages';
import type { Clock } from '@rookery/runtime';

import type { CallRecord, CallTarget } from './call-record.js';
import { OTHER, SeriesTable } from './call-series.js';
import { CallTally, type TallyTaken } from './call-tally.js';
import { type ConnectionChange, Connections } from './connections.js';

export interface CallTelemetryOptions {
  /** Most (target instance, method) pairs in the caller's view at one time. Default 2,000: about 0.5 MB in a report. */
  readonly maxCallerKeys?: number;
  /** Most methods in the callee's view. Default 500. */
  readonly maxCalleeKeys?: number;
  /** Most (service, method) pairs on /metrics for each side. Default 300: a scrape has 5,000 lines for each side and takes some 10 ms. */
  readonly maxSeries?: number;
}

export interface CallerTally extends TallyTaken {
  targetService: string;
  targetInstanceId: string;
  targetIncarnation: string;
  method: string;
}

export interface CalleeTally extends TallyTaken {
  method: string;
}

/** All that was seen since the last taking. */
export interface CallsTaken {
  readonly caller: CallerTally[];
  readonly callee: CalleeTally[];
  /** The connections as they are now. */
  readonly links: monitor.LinkView[];
  /** Finished calls that no view has, because too many keys were in use. They are on /metrics all the same. */
  readonly lostCalls: number;
}

interface CallerKey {
  readonly target: CallTarget;
  readonly method: string;
  readonly tally: CallTally;
}

/** A key that saw nothing for so many takings is forgotten: its instance is most likely gone. */
const IDLE_PERIODS = 60;

/**
 * Sees each call as it starts and ends, as a caller and as a callee, and counts it twice: for /metrics (by method, since
 * the process began) and for the next report (by target instance and method). A call costs some map look-ups and
 * additions; nothing is allocated but for a new key. What was counted stays counted until `take`, so a report that
 * cannot be sent loses nothing.
 */
export class CallTelemetry {
  /** What /metrics reads. */
  readonly callerSeries: SeriesTable;
  readonly calleeSeries: SeriesTable;
  readonly connections: Connections;

  private readonly maxCallerKeys: number;
  private readonly maxCalleeKeys: number;
  private readonly callers = new Map<string, Map<string, Map<string, CallerKey>>>();
  private readonly callees = new Map<string, CallTally>();
  private served: ReadonlySet<string> | undefined;
  private callerKeys = 0;
  private lost = 0;
  private isTallying = true;

  constructor(clock: Clock, options: CallTelemetryOptions = {}) {
    this.connections = new Connections(clock);
    this.maxCallerKeys = options.maxCallerKeys ?? 2000;
    this.maxCalleeKeys = options.maxCalleeKeys ?? 500;
    this.callerSeries = new SeriesTable(options.maxSeries ?? 300);
    this.calleeSeries = new SeriesTable(options.maxSeries ?? 300);
  }

  /**
   * Names the methods that this process serves. From then on a call to any other method is counted as `other`, so that
   * a stranger who calls made-up methods can't push the real ones out.
   */
  declareServed(methods: Iterable<string>): void {
    this.served = new Set(methods);
  }

  callerStarted(method: string, target: CallTarget): void {
    const tally = this.callerTally(method, target);
    if (tally === undefined) this.callerSeries.of(target.service, method).started();
    else tally.started();
  }

  callerEnded(record: CallRecord): void {
    const { target } = record;
    if (target === undefined) {
      // Sent to no instance, so no instance's view has it.
      this.callerSeries.of(OTHER, record.method).ended(record);
      return;
    }
    const tally = this.callerTally(record.method, target);
    if (tally !== undefined) return tally.ended(record);
    this.callerSeries.of(target.service, record.method).ended(record);
    this.countLost();
  }

  connectionChanged(target: CallTarget, change: ConnectionChange): void {
    this.connections.changed(target, change);
  }

  calleeStarted(called: string): void {
    const method = this.servedName(called);
    const tally = this.calleeTally(method);
    if (tally === undefined) this.calleeSeries.of('', method).started();
    else tally.started();
  }

  calleeEnded(record: CallRecord): void {
    const method = this.servedName(record.method);
    const tally = this.calleeTally(method);
    if (tally !== undefined) return tally.ended(record);
    this.calleeSeries.of('', method).ended(record);
    this.countLost();
  }

  /** Stops counting for reports, for good: nobody will take them. /metrics goes on. */
  stopTallying(): void {
    this.isTallying = false;
    this.callers.clear();
    this.callees.clear();
    this.callerKeys = 0;
    this.lost = 0;
  }

  /** Takes everything counted for the report and begins again. Calls in flight stay in flight. */
  take(): CallsTaken {
    const taken = {
      caller: this.takeCallers(),
      callee: this.takeCallees(),
      links: this.connections.views(),
      lostCalls: this.lost,
    };
    this.lost = 0;
    return taken;
  }

  private countLost(): void {
    if (this.isTallying) this.lost++;
  }

  private callerTally(method: string, target: CallTarget): CallTally | undefined {
    const key = this.callers.get(target.instanceId)?.get(target.incarnation)?.get(method);
    return key === undefined ? this.createCallerTally(method, target) : key.tally;
  }

  private createCallerTally(method: string, target: CallTarget): CallTally | undefined {
    if (!this.isTallying || this.callerKeys >= this.maxCallerKeys) return undefined;
    this.callerKeys++;
    const tally = new CallTally(this.callerSeries.of(target.service, method));
    childOf(childOf(this.callers, target.instanceId), target.incarnation).set(method, { target, method, tally });
    return tally;
  }

  private servedName(method: string): string {
    return this.served === undefined || this.served.has(method) ? method : OTHER;
  }

  private calleeTally(method: string): CallTally | undefined {
    const known = this.callees.get(method);
    if (known !== undefined) return known;
    if (!this.isTallying || this.callees.size >= this.maxCalleeKeys) return undefined;
    const tally = new CallTally(this.calleeSeries.of('', method));
    this.callees.set(method, tally);
    return tally;
  }

  private takeCallers(): CallerTally[] {
    const taken: CallerTally[] = [];
    const idleLimit = this.callerKeys < this.maxCallerKeys ? IDLE_PERIODS : 1;
    for (const [instanceId, incarnations] of this.callers) {
      for (const [incarnation, methods] of incarnations) {
        for (const key of methods.values()) {
          const counted = key.tally.take();
          if (counted !== undefined) taken.push(callerView(key, counted));
          else if (key.tally.idlePeriods >= idleLimit) this.forgetCaller(methods, key);
        }
        if (methods.size === 0) incarnations.delete(incarnation);
      }
      if (incarnations.size === 0) this.callers.delete(instanceId);
    }
    return taken;
  }

  private forgetCaller(methods: Map<string, CallerKey>, key: CallerKey): void {
    methods.delete(key.method);
    this.callerKeys--;
  }

  private takeCallees(): CalleeTally[] {
    const taken: CalleeTally[] = [];
    const idleLimit = this.callees.size < this.maxCalleeKeys ? IDLE_PERIODS : 1;
    for (const [method, tally] of this.callees) {
      const counted = tally.take();
      if (counted !== undefined) taken.push({ method, ...counted });
      else if (tally.idlePeriods >= idleLimit) this.callees.delete(method);
    }
    return taken;
  }
}

function callerView({ target, method }: CallerKey, counted: TallyTaken): CallerTally {
  return {
    targetService: target.service,
    targetInstanceId: target.instanceId,
    targetIncarnation: target.incarnation,
    method,
    ...counted,
  };
}

function childOf<T>(parents: Map<string, Map<string, T>>, name: string): Map<string, T> {
  let child = parents.get(name);
  if (child === undefined) parents.set(name, (child = new Map<string, T>()));
  return child;
}
