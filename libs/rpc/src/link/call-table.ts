const SMALLEST = 64;

/**
 * Calls in flight by their number on the link. Numbers rise, so a call's place is its number modulo the size; a slow call
 * whose place is wanted again moves aside. Not a `Map`: one whose keys come and go is copied all the time, each copy hangs on
 * to the next, and what they hold survives every collection but a full one (a third of the caller's CPU once).
 */
export class CallTable<T extends object> {
  private ids: Float64Array = new Float64Array(SMALLEST);
  private calls: (T | undefined)[] = new Array<T | undefined>(SMALLEST).fill(undefined);
  private readonly aside = new Map<number, T>();
  private placed = 0;

  get size(): number {
    return this.placed + this.aside.size;
  }

  get(id: number): T | undefined {
    const place = id % this.calls.length;
    if (this.ids[place] === id) return this.calls[place];
    return this.aside.size === 0 ? undefined : this.aside.get(id);
  }

  set(id: number, call: T): void {
    if (this.aside.size > 0) this.aside.delete(id);
    if (this.placed * 2 >= this.calls.length) this.grow();
    this.place(id, call);
  }

  delete(id: number): void {
    const place = id % this.calls.length;
    if (this.ids[place] !== id) {
      this.aside.delete(id);
      return;
    }
    if (this.calls[place] === undefined) return;
    this.calls[place] = undefined;
    this.placed--;
  }

  clear(): void {
    this.calls.fill(undefined);
    this.placed = 0;
    this.aside.clear();
  }

  values(): T[] {
    return this.entries().map(([, call]) => call);
  }

  /** By rising number. */
  entries(): [id: number, call: T][] {
    const found = [...this.aside];
    for (const [place, call] of this.calls.entries()) {
      if (call !== undefined) found.push([this.ids[place] ?? 0, call]);
    }
    return found.sort(([one], [other]) => one - other);
  }

  private place(id: number, call: T): void {
    const place = id % this.calls.length;
    const slow = this.calls[place];
    const slowId = this.ids[place] ?? 0;
    if (slow === undefined) this.placed++;
    else if (slowId !== id) this.aside.set(slowId, slow);
    this.ids[place] = id;
    this.calls[place] = call;
  }

  private grow(): void {
    const all = this.entries();
    const size = this.calls.length * 2;
    this.ids = new Float64Array(size);
    this.calls = new Array<T | undefined>(size).fill(undefined);
    this.placed = 0;
    this.aside.clear();
    for (const [id, call] of all) this.place(id, call);
  }
}
