import { PerformanceObserver, performance } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';

import { ProcessProbe } from './process-probe.port.js';

/** This Node.js process. */
export class NodeProcessProbe extends ProcessProbe {
  readonly startedAtSeconds = performance.timeOrigin / 1000;

  private pauseMs = 0;
  private readonly observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) this.pauseMs += duration;
  });

  constructor() {
    super();
    this.observer.observe({ entryTypes: ['gc'] });
  }

  cpuMicros(): number {
    const { user, system } = process.cpuUsage();
    return user + system;
  }

  memory(): { residentBytes: number; heapUsedBytes: number; heapLimitBytes: number } {
    const heap = getHeapStatistics();
    return {
      residentBytes: process.memoryUsage.rss(),
      heapUsedBytes: heap.used_heap_size,
      heapLimitBytes: heap.heap_size_limit,
    };
  }

  eventLoop(): { activeMs: number; idleMs: number } {
    const { active, idle } = performance.eventLoopUtilization();
    return { activeMs: active, idleMs: idle };
  }

  gcPauseMs(): number {
    return this.pauseMs;
  }

  close(): void {
    this.observer.disconnect();
  }
}
