import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { type Answer, isQuestion, type Work } from '../../messages.js';

/** Something that is done again and again until the time is up. */
export interface Workload {
  /** Does it once and gives how many operations that was. Rejects when messages are missing. */
  pass(): Promise<number>;
  /** Clears up after a pass, outside of what is timed. */
  clear?(): Promise<void>;
  /** What a pass leaves in memory is weighed before it is cleared up. */
  readonly isWeighed?: boolean;
}

/** Works whenever the bench asks for it. A pass that rejects fails the bench. */
export function workOnDemand(workload: Workload): void {
  process.on('message', (message) => {
    if (!isQuestion(message) || message.ask !== 'work') return;
    passesFor(workload, message.millis).then(
      (work) => tell({ type: 'work', work }),
      (error: unknown) => tell({ type: 'failed', reason: error instanceof Error ? error.message : String(error) }),
    );
  });
}

function tell(answer: Answer): void {
  process.send?.(answer);
}

async function passesFor(workload: Workload, wanted: number): Promise<Work> {
  let [operations, millis, cpuMicros, bytes] = [0, 0, 0, 0];
  while (millis < wanted) {
    const heapBefore = workload.isWeighed === true ? heapInUse() : 0;
    const cpuBefore = process.cpuUsage();
    const startedAt = performance.now();
    operations += await workload.pass();
    millis += performance.now() - startedAt;
    const { user, system } = process.cpuUsage(cpuBefore);
    cpuMicros += user + system;
    if (workload.isWeighed === true) bytes += heapInUse() - heapBefore;
    await workload.clear?.();
  }
  const work = { operations, millis, cpuMicros };
  return workload.isWeighed === true ? { ...work, bytesPerActor: bytes / operations } : work;
}

/** What is alive on the heap. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}
