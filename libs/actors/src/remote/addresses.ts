/**
 * An address names one actor system of one process. The first is called as the process is; one that was made because others
 * had given up the one before it has its number behind that: `orders-1`, `orders-1+1`, `orders-1+2`.
 */
const GENERATION = /\+(\d+)$/;

/** The process of an address. */
export function processOfAddress(address: string): string {
  return address.replace(GENERATION, '');
}

/** How many actor systems the process had before this one. */
export function generationOf(address: string): number {
  return Number(GENERATION.exec(address)?.[1] ?? 0);
}

/** What the next actor system of the process is called. */
export function nextAddress(address: string): string {
  return `${processOfAddress(address)}+${generationOf(address) + 1}`;
}
