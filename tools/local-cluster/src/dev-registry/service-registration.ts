import { z } from 'zod';
import { parseGoDuration } from './go-duration.js';
import { metaProblem, weightsProblem } from './service-limits.js';

/** Consul reads null as if nothing were there. */
function optional<T extends z.ZodType, D extends z.output<T>>(type: T, fallback: D) {
  return type.nullish().transform((value) => value ?? fallback);
}

const goDuration = z.union([z.string(), z.number()]).transform((given, context): number => {
  const duration = parseGoDuration(given);
  if (typeof duration === 'number') return duration;
  context.addIssue({ code: 'custom', message: `Request decode failed: ${duration.problem}` });
  return z.NEVER;
});

const statuses = ['passing', 'warning', 'critical'] as const;

const shape = z.strictObject({
  CheckID: optional(z.string(), ''),
  Name: optional(z.string(), ''),
  Notes: optional(z.string(), ''),
  Status: optional(z.enum(['', ...statuses], { error: "Status for checks must 'passing', 'warning', 'critical'" }), ''),
  TTL: optional(goDuration, 0),
  Interval: optional(goDuration, 0),
  Timeout: optional(goDuration, 0),
  GRPC: optional(z.string(), ''),
  GRPCUseTLS: optional(z.boolean(), false),
  TLSSkipVerify: optional(z.boolean(), false),
  DeregisterCriticalServiceAfter: optional(goDuration, 0),
});

const check = shape.transform(settleCheck);

/** The one check of a registration is none when nothing is stated of it. */
const possibleCheck = shape.nullish().transform((stated, context) => {
  return stated === null || stated === undefined || isEmpty(stated) ? undefined : settleCheck(stated, context);
});

const registration = z.strictObject({
  ID: optional(z.string(), ''),
  Name: optional(z.string(), '').refine((text) => text !== '', 'Missing service name'),
  Tags: optional(z.array(z.string()), []),
  Address: optional(z.string(), '').refine((text) => text !== '0.0.0.0' && text !== '::', 'Invalid service address'),
  Port: optional(z.int(), 0),
  Meta: optional(z.record(z.string(), z.string()), {}).superRefine(saying(metaProblem)),
  Weights: optional(z.strictObject({ Passing: optional(z.int(), 0), Warning: optional(z.int(), 0) }), {
    Passing: 1,
    Warning: 1,
  }).superRefine(saying(weightsProblem)),
  EnableTagOverride: optional(z.boolean(), false),
  Check: possibleCheck,
  Checks: optional(z.array(check), []),
});

export type CheckStatus = (typeof statuses)[number];
export type CheckRegistration = z.output<typeof check>;

/** What a registration comes down to once everything that it leaves open is settled. */
export interface ServiceRegistration extends Omit<z.output<typeof registration>, 'Check' | 'Checks'> {
  readonly checks: readonly CheckRegistration[];
}

/** Reads the body of a registration, or says in Consul's words what is wrong with it. */
export function parseRegistration(body: string): ServiceRegistration | { readonly problem: string } {
  const data = parseJson(body);
  if ('problem' in data) return data;
  const parsed = registration.safeParse(data.content ?? {});
  if (!parsed.success) return { problem: problemOf(parsed.error) };
  const { Check, Checks, ID, Name, ...rest } = parsed.data;
  const checks = [Check, ...Checks].filter((one) => one !== undefined);
  return { ...rest, ID: ID === '' ? Name : ID, Name, checks };
}

/** The body of `agent/check/update`. */
const checkUpdate = z.strictObject({
  Status: optional(z.string(), '').pipe(
    z.enum(statuses, { error: ({ input }) => `Invalid check status: '${String(input)}'` }),
  ),
  Output: optional(z.string(), ''),
});

/** Reads the body of `agent/check/update`, or says in Consul's words what is wrong with it. */
export function parseCheckUpdate(body: string): z.output<typeof checkUpdate> | { readonly problem: string } {
  const data = parseJson(body);
  if ('problem' in data) return data;
  const parsed = checkUpdate.safeParse(data.content ?? {});
  return parsed.success ? parsed.data : { problem: problemOf(parsed.error) };
}

function isEmpty(stated: z.output<typeof shape>): boolean {
  return Object.values(stated).every((value) => value === '' || value === 0 || value === false);
}

function settleCheck(stated: z.output<typeof shape>, context: z.RefinementCtx) {
  saying(checkProblem)(stated, context);
  return { ...stated, Status: stated.Status === '' ? ('critical' as const) : stated.Status };
}

function checkProblem({ TTL, Interval, GRPC }: z.output<typeof shape>): string | undefined {
  if (TTL !== 0 && Interval !== 0) return 'Invalid check: Interval and TTL cannot both be specified';
  if (GRPC !== '' && Interval <= 0) return 'Invalid check: Interval must be > 0 for Script, HTTP, or TCP checks';
  return GRPC === '' && TTL <= 0 ? 'Invalid check: TTL must be > 0 for TTL checks' : undefined;
}

function saying<T>(problemOf: (value: T) => string | undefined) {
  return (value: T, context: z.RefinementCtx): void => {
    const message = problemOf(value);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  };
}

function parseJson(body: string): { readonly content: unknown } | { readonly problem: string } {
  try {
    return { content: JSON.parse(body) as unknown };
  } catch (error) {
    return { problem: `Request decode failed: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Consul's own words where a rule of its own is broken, ours where the JSON has another shape. */
function problemOf({ issues: [issue] }: z.ZodError): string {
  if (issue === undefined) return 'Request decode failed';
  if (issue.code === 'custom' || issue.code === 'invalid_value') return issue.message;
  if (issue.code === 'unrecognized_keys') return `Request decode failed: json: unknown field "${issue.keys[0] ?? ''}"`;
  return `Request decode failed: json: ${issue.path.join('.')}: ${issue.message}`;
}
