/** First in, first out, up to a bound, and each entry can leave early. All operations take constant time. */
export class BoundedQueue<T> {
  private readonly entries = new Set<T>();

  constructor(private readonly limit: number) {}

  get size(): number {
    return this.entries.size;
  }

  /** False when the queue is full. */
  push(entry: T): boolean {
    if (this.entries.size >= this.limit) return false;
    this.entries.add(entry);
    return true;
  }

  shift(): T | undefined {
    const first = this.entries.values().next();
    if (first.done === true) return undefined;
    this.entries.delete(first.value);
    return first.value;
  }

  remove(entry: T): void {
    this.entries.delete(entry);
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this.entries.values();
  }

  /** Empties the queue. */
  drain(): T[] {
    const all = [...this.entries];
    this.entries.clear();
    return all;
  }
}
