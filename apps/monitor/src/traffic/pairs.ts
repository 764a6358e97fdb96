/** Numbers with a count each, one after the other: `[number, count, number, count, …]`, in no order. */
export type Pairs = number[];

export function addAll(pairs: Pairs, others: Pairs): void {
  for (let at = 0; at < others.length; at += 2) addTo(pairs, others[at] ?? 0, others[at + 1] ?? 0);
}

export function addTo(pairs: Pairs, key: number, count: number): void {
  if (count <= 0) return;
  for (let at = 0; at < pairs.length; at += 2) {
    if (pairs[at] === key) {
      pairs[at + 1] = (pairs[at + 1] ?? 0) + count;
      return;
    }
  }
  pairs.push(key, count);
}

export function entriesOf(pairs: Pairs): (readonly [key: number, count: number])[] {
  const entries: (readonly [number, number])[] = [];
  for (let at = 0; at < pairs.length; at += 2) entries.push([pairs[at] ?? 0, pairs[at + 1] ?? 0]);
  return entries;
}
