import { z } from 'zod';
import { parseGoDuration } from './go-duration.js';

const goDuration = z.string({ error: 'the dev registry knows TTL checks only' }).transform((text, context): number => {
  const durationMs = parseGoDuration(text);
  if (durationMs !== undefined) return durationMs;
  context.addIssue({ code: 'custom', message: `time: invalid duration "${text}"` });
  return z.NEVER;
});

const status = z.enum(['passing', 'warning', 'critical']);

const check = z.object({
  CheckID: z.string().optional(),
  Name: z.string().optional(),
  Notes: z.string().default(''),
  TTL: goDuration,
  Status: status.default('critical'),
  DeregisterCriticalServiceAfter: goDuration.optional(),
});

const registration = z.object({
  ID: z.string().optional(),
  Name: z.string({ error: 'Missing service name' }).min(1, 'Missing service name'),
  Tags: z.array(z.string()).default([]),
  Address: z.string().default(''),
  Port: z.int().min(0).max(65_535).default(0),
  Meta: z.record(z.string().max(128), z.string().max(512)).default({}),
  Weights: z.object({ Passing: z.int(), Warning: z.int() }).default({ Passing: 1, Warning: 1 }),
  EnableTagOverride: z.boolean().default(false),
  Check: check.optional(),
  Checks: z.array(check).default([]),
});

export type CheckStatus = z.infer<typeof status>;
export type CheckRegistration = z.infer<typeof check>;
export type ServiceRegistration = z.infer<typeof registration>;

/** Reads the body of a registration, or says in Consul's words what is wrong with it. */
export function parseRegistration(body: string): ServiceRegistration | { readonly problem: string } {
  let data: unknown;
  try {
    data = JSON.parse(body);
  } catch (error) {
    return { problem: `Request decode failed: ${error instanceof Error ? error.message : String(error)}` };
  }
  const parsed = registration.safeParse(data);
  if (parsed.success) return parsed.data;
  return { problem: parsed.error.issues[0]?.message ?? 'Request decode failed' };
}

/** The body of `agent/check/update`. */
export const checkUpdate = z.object({ Status: status.default('passing'), Output: z.string().default('') });
