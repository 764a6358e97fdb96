const NANOS_PER_UNIT: Readonly<Record<string, number>> = {
  n: 1,
  u: 1e3,
  m: 1e6,
  S: 1e9,
  M: 60e9,
  H: 3600e9,
};
const NANOS_PER_MS = 1e6;
const FORMAT = /^(\d{1,8})([HMSmun])$/;

/** The milliseconds (with a fraction) that a `grpc-timeout` header states, or undefined when it is malformed. */
export function parseGrpcTimeout(header: string): number | undefined {
  const match = FORMAT.exec(header);
  if (match === null) return undefined;
  const [, digits = '', unit = ''] = match;
  return (Number(digits) * (NANOS_PER_UNIT[unit] ?? 0)) / NANOS_PER_MS;
}
