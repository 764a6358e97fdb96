import type { Random } from '@rookery/runtime';

/** A UUID of version 7 (RFC 9562): `now`, in milliseconds since the epoch, and then chance, so that ids sort by their age. */
export function newUuid(now: number, random: Random): string {
  const time = Math.floor(now).toString(16).padStart(12, '0');
  const variant = (8 + random.int(4)).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${digits(3, random)}-${variant}${digits(3, random)}-${digits(12, random)}`;
}

function digits(count: number, random: Random): string {
  return Array.from({ length: count }, () => random.int(16).toString(16)).join('');
}
