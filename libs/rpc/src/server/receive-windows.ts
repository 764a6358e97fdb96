import type { Http2SecureServer, Http2Server } from 'node:http2';

import type * as grpc from '@grpc/grpc-js';

/** Of what a server of grpc-js keeps to itself. */
interface ServerInside {
  readonly http2Servers: ReadonlyMap<Http2Server | Http2SecureServer, unknown>;
}

/**
 * Lets callers send so many bytes ahead, on a stream and on a connection. grpc-js has an option for it that only its clients
 * heed (1.14): a server stays at the 64 KiB of HTTP/2, and whoever sends it more waits for a turn of its event loop after each
 * 64 KiB. Counts for connections that are made later; to be called as soon as the port is bound.
 */
export function widenReceiveWindows(server: grpc.Server, windowBytes: number): void {
  for (const http2Server of (server as unknown as ServerInside).http2Servers.keys()) {
    http2Server.updateSettings({ initialWindowSize: windowBytes });
    http2Server.on('session', (session) => session.setLocalWindowSize(windowBytes));
  }
}
