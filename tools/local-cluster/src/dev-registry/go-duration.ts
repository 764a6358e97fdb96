const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/** Go counts nanoseconds in 64 bits. */
const LONGEST_MS = 2 ** 63 / 1e6;

/**
 * Milliseconds of a duration as Go writes it, such as `10s`, `1m30s`, `-1.5h` or `0`, or of a number of nanoseconds; or Go's
 * words for what is wrong with it.
 */
export function parseGoDuration(given: string | number): number | { readonly problem: string } {
  if (typeof given === 'number') return given / 1e6;
  const amounts = given.replace(/^[+-]/, '');
  if (amounts === '0') return 0;
  const total = sum(amounts);
  if (typeof total === 'string') return { problem: `time: ${total} duration "${given}"` };
  return given.startsWith('-') ? -total : total;
}

/** In milliseconds, or what is wrong. */
function sum(amounts: string): number | string {
  let total = 0;
  let rest = amounts;
  do {
    const [whole = '', amount = '', unit = ''] = /^(\d+\.?\d*|\.\d+)([^\d.]*)/.exec(rest) ?? [];
    if (whole === '') return 'invalid';
    if (unit === '') return 'missing unit in';
    const size = UNITS[unit];
    if (size === undefined) return `unknown unit "${unit}" in`;
    total += Number(amount) * size;
    rest = rest.slice(whole.length);
  } while (rest !== '');
  return total < LONGEST_MS ? total : 'invalid';
}
