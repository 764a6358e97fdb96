import { randomUUID } from 'node:crypto';

import { SystemClock, SystemRandom, SystemScheduler } from '@rookery/runtime';
import { createTelemetry, type Identity, ReportSender, type Telemetry } from '@rookery/telemetry';

/** Stands for a monitor that takes every report. */
class ContentMonitor extends ReportSender {
  send(): Promise<void> {
    return Promise.resolve();
  }
}

export const system = { clock: new SystemClock(), random: new SystemRandom(), scheduler: new SystemScheduler() };

/** The telemetry of a service as service-kit makes it, reporting each second. */
export function startTelemetry(service: string): Telemetry & { readonly identity: Identity } {
  const identity = { service, instanceId: `${service}-1`, incarnation: randomUUID(), version: '1' };
  const telemetry = createTelemetry({ identity, ...system, logLevel: 'error' });
  telemetry.start(new ContentMonitor());
  return { ...telemetry, identity };
}
