import type { ServerResponse } from 'node:http';

import type { Clock } from '@rookery/runtime';

import type { Exchange } from '../edge/exchange.js';
import type { StreamFormat } from './stream-format.js';
import type { StreamProgress } from './stream-progress.js';

/** What a client gets of a stream: its head, messages, signs of life, and a last word. */
export class StreamBody {
  private response: ServerResponse | undefined;
  private isQuiet = true;
  private wake: () => void = () => undefined;

  /** `onStall` is called when nothing has moved on the connection for too long, which then is left to it. */
  constructor(
    private readonly exchange: Exchange,
    private readonly format: StreamFormat,
    private readonly progress: StreamProgress,
    private readonly clock: Clock,
    private readonly onStall: () => void,
  ) {}

  get isOpen(): boolean {
    return this.response !== undefined;
  }

  open(): ServerResponse {
    if (this.response !== undefined) return this.response;
    this.progress.openedAt = this.clock.monotonic();
    this.response = this.exchange.begin(this.format.type);
    this.response.on('timeout', this.onStall);
    return this.response;
  }

  /** False: the client is behind, wait for `drained`. */
  message(json: string): boolean {
    this.isQuiet = false;
    this.progress.messages++;
    return this.open().write(this.format.message(json, this.progress.messages));
  }

  /** Writes a sign of life if nothing was written since the last beat. What waits to be read is one already. */
  beat(): void {
    if (this.response?.writableNeedDrain === false && this.isQuiet) this.response.write(this.format.beat);
    this.isQuiet = true;
  }

  /** Resolves when the client has caught up, or need not any more. */
  drained(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
      this.open().once('drain', resolve);
    });
  }

  /** Resolves when all that was written has left this process, or never will. */
  sent(): Promise<void> {
    const response = this.open();
    if (response.writableFinished || this.exchange.request.socket.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      response.once('finish', resolve);
      // Of a response that waits for one before it, only the socket tells.
      this.exchange.request.socket.once('close', resolve);
    });
  }

  conclude(text: string, error: unknown): void {
    this.open();
    this.exchange.conclude(text, error);
    this.wake();
  }
}
