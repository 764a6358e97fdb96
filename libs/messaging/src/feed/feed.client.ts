import type { messaging } from '@rookery/contracts/messages';
import { FeedServiceClient } from '@rookery/contracts/nest';
import type { RpcClient } from '@rookery/rpc';
import { DomainError, type Scheduler } from '@rookery/runtime';
import { type Delivery, EventTransport, type Subscription } from '../consuming/event-transport.port.js';
import { HEARTBEAT_MS } from './feed-stream.js';

/** After several heartbeats that did not come the stream is given up, whatever its connection looks like. */
const SILENCE_MS = 5 * HEARTBEAT_MS;

/** Reads the feed of a service, at any instance of it. */
export class FeedClient extends EventTransport {
  constructor(
    private readonly rpc: RpcClient,
    private readonly scheduler: Scheduler,
  ) {
    super();
  }

  provider(service: string, signal: AbortSignal): Promise<void> | undefined {
    const channel = this.rpc.channel(service);
    const isKnown = (): boolean => channel.instances().length > 0;
    if (isKnown() || signal.aborted) return undefined;
    return new Promise((resolve) => {
      const end = (): void => {
        stopListening();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const stopListening = channel.onChange(() => {
        if (isKnown()) end();
      });
      signal.addEventListener('abort', end);
    });
  }

  async *subscribe({ after, service, types }: Subscription, signal: AbortSignal): AsyncGenerator<Delivery> {
    const silence = new AbortController();
    const listen = () => this.scheduler.timer(SILENCE_MS, () => silence.abort());
    const request = { after: after === undefined ? undefined : { ...after }, types: [...types], maxBatch: 0 };
    const client = this.rpc.client(FeedServiceClient, service);
    let timer = listen();
    try {
      for await (const response of client.subscribe(request, { signal: AbortSignal.any([signal, silence.signal]) })) {
        timer.cancel();
        yield deliveryOf(response);
        timer = listen();
      }
    } catch (error) {
      if (!silence.signal.aborted) throw error;
      throw new DomainError('PROVIDER_SILENT', `${service} says nothing`, { kind: 'unavailable', cause: error });
    } finally {
      timer.cancel();
    }
  }
}

function deliveryOf({ end, events, head }: messaging.SubscribeResponse): Delivery {
  if (end === undefined) throw new DomainError('UNREADABLE_RESPONSE', 'a batch without its end', { kind: 'internal' });
  return { events, end, head };
}
