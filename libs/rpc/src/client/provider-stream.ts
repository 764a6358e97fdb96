import type * as grpc from '@grpc/grpc-js';
import type { MethodDefinition } from '@rookery/contracts/nest';
import { DomainError } from '@rookery/runtime';

import { encodeMessage, encodingError } from '../codec/encode-message.js';
import { drained } from '../drained.js';

/** One open stream to a provider: requests go as it takes them, responses come as the caller takes them. */
export class ProviderStream<Req, Res> {
  /** Something came: what was asked is no longer unheard. */
  hasReceived = false;
  private sendError: Error | undefined;
  private callError: Error | undefined;
  private isOver = false;

  constructor(
    private readonly call: grpc.ClientDuplexStream<Buffer, Buffer>,
    private readonly method: MethodDefinition<Req, Res>,
  ) {
    // It may come before the first read, which would find a stream that has just ended, or when nobody reads any more.
    call.on('error', (error) => (this.callError = error));
  }

  /** Throws what the stream of requests threw, or the ServiceError of grpc-js. */
  async *exchange(requests: AsyncIterable<Req>): AsyncGenerator<Res> {
    const iterator = requests[Symbol.asyncIterator]();
    this.send(iterator).catch((error: unknown) => {
      this.sendError = error instanceof Error ? error : new Error(String(error));
      this.call.cancel();
    });
    try {
      for await (const bytes of this.call as AsyncIterable<Buffer>) {
        this.hasReceived = true;
        yield this.decoded(bytes);
      }
    } catch (error) {
      // An error of the caller's own stream of requests is the reason of what followed.
      throw this.sendError ?? error;
    } finally {
      this.end();
      // Not waited for, and its failure concerns nobody: it may hang in a request that never comes.
      void iterator.return?.().then(undefined, () => undefined);
    }
    const error = this.sendError ?? this.callError;
    if (error !== undefined) throw error;
  }

  cancel(): void {
    this.call.cancel();
  }

  private async send(requests: AsyncIterator<Req>): Promise<void> {
    for (;;) {
      const next = await requests.next();
      if (this.isOver) return;
      if (next.done === true) {
        this.call.end();
        return;
      }
      if (!this.call.write(this.encoded(next.value))) await drained(this.call);
    }
  }

  private encoded(request: Req): Buffer {
    try {
      return encodeMessage(this.method.request, request);
    } catch (error) {
      throw encodingError(this.method.path, request, error);
    }
  }

  private decoded(bytes: Buffer): Res {
    try {
      return this.method.response.decode(bytes);
    } catch (cause) {
      const message = `unreadable response of ${this.method.path}`;
      throw new DomainError('UNREADABLE_RESPONSE', message, { kind: 'internal', cause });
    }
  }

  private end(): void {
    this.isOver = true;
    this.call.cancel();
    this.call.destroy();
  }
}
