import { z } from 'zod';
import { maintenanceCheckOf } from './maintenance.js';

/** What `agent/health/service/id` says. */
const aggregatedHealth = z.object({
  Service: z.object({ Meta: z.record(z.string(), z.string()).nullish() }).nullable(),
  Checks: z.array(z.object({ CheckID: z.string(), Status: z.string(), Notes: z.string() })).nullable(),
});

/** What an agent holds under a service id. */
export interface HeldService {
  /** Empty when its metadata does not tell. */
  readonly incarnation: string;
  /** Whether it passes, by check id. */
  readonly checks: ReadonlyMap<string, boolean>;
  /** Why it is out of rotation; undefined when it is not. */
  readonly maintenance: string | undefined;
}

/** Undefined when there is no such service. Throws when the body is not Consul's. */
export function toHeldService(body: unknown, id: string): HeldService | undefined {
  const { Service, Checks } = aggregatedHealth.parse(body);
  if (Service === null) return undefined;
  const checks = Checks ?? [];
  return {
    incarnation: Service.Meta?.['incarnation'] ?? '',
    checks: new Map(checks.map(({ CheckID, Status }) => [CheckID, Status === 'passing'])),
    maintenance: checks.find(({ CheckID }) => CheckID === maintenanceCheckOf(id))?.Notes,
  };
}
