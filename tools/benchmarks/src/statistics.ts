/** The middle value, or the mean of the two in the middle. Throws RangeError without any. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  if (upper === undefined || lower === undefined) throw new RangeError('nothing has no median');
  return (lower + upper) / 2;
}

/** The value that the share `q` (0 to 1) of `sorted` does not exceed, by nearest rank. Throws RangeError without any. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  const value = sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)];
  if (value === undefined) throw new RangeError('nothing has no quantiles');
  return value;
}
