import type { CallScope } from '../call-context.js';
import type { ChannelCallOptions } from './call-options.js';

/** Hears of it when whoever wants a call no longer does: its own signal, or that of the call on whose behalf it is made. */
export class Cancellation {
  private readonly signals: readonly AbortSignal[];

  private constructor(
    options: ChannelCallOptions | undefined,
    scope: CallScope | undefined,
    private readonly onAbort: () => void,
  ) {
    const own = options?.signal;
    const inherited = scope?.signal;
    this.signals = [own, inherited].filter((signal) => signal !== undefined);
    for (const signal of this.signals) signal.addEventListener('abort', onAbort, { once: true });
  }

  /** Undefined when nothing can cancel the call. */
  static of(
    options: ChannelCallOptions | undefined,
    scope: CallScope | undefined,
    onAbort: () => void,
  ): Cancellation | undefined {
    if (options?.signal === undefined && scope === undefined) return undefined;
    return new Cancellation(options, scope, onAbort);
  }

  get isRequested(): boolean {
    return this.signals.some((signal) => signal.aborted);
  }

  release(): void {
    for (const signal of this.signals) signal.removeEventListener('abort', this.onAbort);
  }
}
