import * as grpc from '@grpc/grpc-js';
import type { Endpoint } from '@rookery/discovery';

import { addressOf, CHANNEL_OPTIONS } from '../client/grpc-transport.js';
import type { ClientCredentials } from '../security/client-credentials.js';
import type { BatchSink } from './outbox.js';
import { LINK_OPEN_PATH } from './protocol.js';

export interface DialedStream {
  readonly sink: BatchSink;
  readonly listen: (onBatch: (batch: Uint8Array) => void, onEnd: (reason: string) => void) => void;
}

const identity = (bytes: Buffer): Buffer => bytes;

/** Opens the stream of a link: a gRPC connection that carries nothing else. */
export function dialLink(endpoint: Endpoint, credentials: ClientCredentials): DialedStream {
  const client = new grpc.Client(addressOf(endpoint), credentials.forEndpoint(endpoint), CHANNEL_OPTIONS);
  const stream = client.makeBidiStreamRequest<Buffer, Buffer>(LINK_OPEN_PATH, identity, identity, {});
  let isEnded = false;
  const sink: BatchSink = {
    write: (batch, onWritten) => {
      if (!isEnded) stream.write(batch, onWritten);
    },
    end: () => {
      isEnded = true;
      stream.end();
    },
    destroy: () => {
      isEnded = true;
      stream.cancel();
      client.close();
    },
  };
  const listen = (onBatch: (batch: Uint8Array) => void, onEnd: (reason: string) => void): void => {
    const ended = (reason: string): void => {
      isEnded = true;
      client.close();
      onEnd(reason);
    };
    stream.on('data', onBatch);
    stream.on('error', (error: grpc.ServiceError) => ended(error.details));
    stream.on('end', () => ended('the server ended the link'));
  };
  return { sink, listen };
}
