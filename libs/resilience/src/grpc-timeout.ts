const NANOS_PER_UNIT: Readonly<Record<string, number>> = {
  n: 1,
  u: 1e3,
  m: 1e6,
  S: 1e9,
  M: 60e9,
  H: 3600e9,
};
const UNITS = Object.entries(NANOS_PER_UNIT);
const NANOS_PER_MS = 1e6;
const MAX_VALUE = 99_999_999;
const FORMAT = /^(\d{1,8})([HMSmun])$/;

/**
 * The value of a `grpc-timeout` header (at most eight digits and a unit) for a remaining time in milliseconds: the
 * finest unit that fits, rounded down. What has passed is `0n`.
 */
export function formatGrpcTimeout(remainingMs: number): string {
  const nanos = Math.max(0, remainingMs * NANOS_PER_MS);
  for (const [unit, size] of UNITS) {
    const value = Math.floor(nanos / size);
    if (value <= MAX_VALUE) return `${value}${unit}`;
  }
  return `${MAX_VALUE}H`;
}

/** The milliseconds (with a fraction) that a `grpc-timeout` header states, or undefined when it is malformed. */
export function parseGrpcTimeout(header: string): number | undefined {
  const match = FORMAT.exec(header);
  if (match === null) return undefined;
  const [, digits = '', unit = ''] = match;
  return (Number(digits) * (NANOS_PER_UNIT[unit] ?? 0)) / NANOS_PER_MS;
}
