import type { AnyPid } from './pid.js';

/** Who watches an actor, and whom it watches. A Pid counts by what it names, because each process has its own copy of it. */
export class WatchSets {
  private readonly watchers = new Map<string, AnyPid>();
  private readonly watchees = new Map<string, AnyPid>();

  /** False when it is watched already. */
  addWatchee(target: AnyPid): boolean {
    const key = target.toString();
    if (this.watchees.has(key)) return false;
    this.watchees.set(key, target);
    return true;
  }

  /** False when it is not watched, so that nothing needs to be told. */
  removeWatchee(target: AnyPid): boolean {
    return this.watchees.delete(target.toString());
  }

  addWatcher(watcher: AnyPid): void {
    this.watchers.set(watcher.toString(), watcher);
  }

  removeWatcher(watcher: AnyPid): void {
    this.watchers.delete(watcher.toString());
  }

  takeWatchers(): readonly AnyPid[] {
    const all = [...this.watchers.values()];
    this.watchers.clear();
    return all;
  }

  takeWatchees(): readonly AnyPid[] {
    const all = [...this.watchees.values()];
    this.watchees.clear();
    return all;
  }
}
