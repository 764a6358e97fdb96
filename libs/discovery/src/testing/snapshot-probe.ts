import type { Resolver, Watch } from '../resolver.js';
import type { Snapshot } from '../snapshot.js';

/** How long a condition may take to come true. Far above what it takes; a bound, not a measure. */
const BOUND_MS = 60_000;

/** Everything one watch was told, and a way to wait for something in it. */
export class SnapshotProbe {
  readonly snapshots: Snapshot[] = [];
  private readonly watch: Watch;
  private waiting: (() => void)[] = [];

  constructor(resolver: Resolver, service: string) {
    this.watch = resolver.watch(service, (snapshot) => {
      this.snapshots.push(snapshot);
      for (const check of this.waiting) check();
    });
  }

  get last(): Snapshot | undefined {
    return this.snapshots.at(-1);
  }

  get ids(): readonly string[] {
    return this.last?.instances.map(({ id }) => id) ?? [];
  }

  /** Resolves as soon as the latest snapshot satisfies `condition`. */
  until(condition: (snapshot: Snapshot) => boolean): Promise<Snapshot> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        if (this.last === undefined || !condition(this.last)) return;
        finish();
        resolve(this.last);
      };
      const limit = setTimeout(() => {
        finish();
        reject(new Error(`never true: ${String(condition)}; the last snapshot was ${JSON.stringify(this.last)}`));
      }, BOUND_MS);
      const finish = (): void => {
        clearTimeout(limit);
        this.waiting = this.waiting.filter((other) => other !== check);
      };
      this.waiting.push(check);
      check();
    });
  }

  /** Resolves when exactly these instances are usable and the registry says so. */
  untilUsable(...ids: readonly string[]): Promise<Snapshot> {
    const wanted = [...ids].sort().join();
    return this.until(
      ({ instances, source, unconfirmed = [] }) =>
        source === 'registry' && unconfirmed.length === 0 && instances.map(({ id }) => id).join() === wanted,
    );
  }

  close(): void {
    this.watch.close();
  }
}
