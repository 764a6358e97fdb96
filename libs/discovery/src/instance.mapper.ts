import { DomainError, type FieldViolation } from '@rookery/runtime';
import { z } from 'zod';
import type { Instance } from './instance.js';

const name = z.string().min(1).max(200);
const text = z.string().max(400);

/** One comma-free word each, so that a registry can keep the list in one text. */
const capability = z.string().regex(/^[^\s,]{1,200}$/, 'must be 1 to 200 characters without blanks and commas');

const endpoint = z.strictObject({
  host: z.string().regex(/^[^\s/@]{1,253}$/, 'must be a host name or an address'),
  port: z.int().min(1).max(65_535),
  isSecure: z.boolean().default(false),
});

const instance = z.strictObject({
  id: name.regex(/^[^\s/]+$/, 'must not contain blanks or slashes'),
  service: name.regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]*$/, 'must be letters, digits, dots, dashes and underscores'),
  incarnation: text.default(''),
  version: text.default(''),
  zone: text.default(''),
  weight: z.int().min(1).max(65_535).default(100),
  startedAt: z.int().min(0).default(0),
  servedSince: z.int().min(0).optional(),
  endpoints: z.record(z.string().regex(/^[a-z][a-z0-9-]{0,31}$/), endpoint),
  capabilities: z.array(capability).max(100).default([]),
  contractDigest: text.default(''),
});

/**
 * Reads an instance from plain data, such as parsed JSON; what is absent takes the default that `Instance` states. Throws
 * DomainError INSTANCE_INVALID with one violation for each field that is wrong.
 */
export function toInstance(data: unknown): Instance {
  const parsed = instance.safeParse(data);
  if (parsed.success) return parsed.data;
  const violations = parsed.error.issues.map(({ path, message }): FieldViolation => ({
    field: path.map(String).join('.'),
    description: message,
  }));
  const reasons = violations.map(({ field, description }) => `${field || 'instance'}: ${description}`).join('; ');
  throw new DomainError('INSTANCE_INVALID', `not an instance: ${reasons}`, { kind: 'invalid-argument', violations });
}
