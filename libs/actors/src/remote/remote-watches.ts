import type { AnyPid } from '../local/pid.js';

/** One actor that watches another; they are in different processes. */
export interface RemoteWatch {
  readonly watcher: AnyPid;
  readonly target: AnyPid;
}

/** Watches between this process and another, one way. They count by what their Pids name. */
export class RemoteWatches {
  private readonly watches = new Map<string, RemoteWatch>();

  get isEmpty(): boolean {
    return this.watches.size === 0;
  }

  add(watch: RemoteWatch): void {
    this.watches.set(keyOf(watch), watch);
  }

  /** The watch as it was added; undefined when there is none. */
  remove(watch: RemoteWatch): RemoteWatch | undefined {
    const key = keyOf(watch);
    const known = this.watches.get(key);
    this.watches.delete(key);
    return known;
  }

  /** Empties it. */
  takeAll(): readonly RemoteWatch[] {
    const all = [...this.watches.values()];
    this.watches.clear();
    return all;
  }
}

function keyOf({ watcher, target }: RemoteWatch): string {
  return `${watcher.toString()} ${target.toString()}`;
}
