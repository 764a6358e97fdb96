import type { Watch } from './resolver.js';
import { toError } from './to-error.js';

/** Listeners of one stream of values. One that throws or closes itself harms no other. */
export class FanOut<T> {
  private readonly listeners = new Set<{ readonly listener: (value: T) => void }>();

  /** `onEmpty` is called when the last listener leaves. */
  constructor(
    private readonly onListenerFailed: (error: Error) => void,
    private readonly onEmpty: () => void,
  ) {}

  /** `first` is what is known already; the listener hears it before `add` returns. */
  add(listener: (value: T) => void, first: T | undefined): Watch {
    const entry = { listener };
    this.listeners.add(entry);
    if (first !== undefined) this.tell(entry, first);
    return {
      close: () => {
        if (this.listeners.delete(entry) && this.listeners.size === 0) this.onEmpty();
      },
    };
  }

  publish(value: T): void {
    for (const entry of [...this.listeners]) {
      if (this.listeners.has(entry)) this.tell(entry, value);
    }
  }

  clear(): void {
    this.listeners.clear();
  }

  private tell(entry: { readonly listener: (value: T) => void }, value: T): void {
    try {
      entry.listener(value);
    } catch (error) {
      this.onListenerFailed(toError(error));
    }
  }
}
