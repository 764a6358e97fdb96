/** The far side of the bare stream: takes frames, answers those that want it, and tells how many they were. */
import type { Http2Server } from 'node:http2';

import * as grpc from '@grpc/grpc-js';

import { announce } from '../closed-loop.js';
import { FrameWriter, Kind, METHOD, readFrames } from './floor-frames.js';
import { BODY_BYTES } from './remote-workloads.js';

const NO_BODY = Buffer.alloc(BODY_BYTES);
const WINDOW_BYTES = 1024 * 1024;

const server = new grpc.Server();
server.addService(
  { open: METHOD },
  {
    open: (stream: grpc.ServerDuplexStream<Buffer, Buffer>) => {
      const writer = new FrameWriter(stream);
      let count = 0;
      readFrames(stream, (kind, value, body) => {
        if (kind === Kind.REPORT) {
          writer.push(Kind.COUNT, count, NO_BODY);
          count = 0;
          return;
        }
        count++;
        if (kind === Kind.PING) writer.push(Kind.PONG, value, body);
      });
    },
  },
);
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  widenWindows();
  announce({ port });
});

/** As the link has them: grpc-js leaves its servers at the 64 KiB of HTTP/2, which would be what is measured. */
function widenWindows(): void {
  const { http2Servers } = server as unknown as { readonly http2Servers: ReadonlyMap<Http2Server, unknown> };
  for (const http2Server of http2Servers.keys()) {
    http2Server.updateSettings({ initialWindowSize: WINDOW_BYTES });
    http2Server.on('session', (session) => session.setLocalWindowSize(WINDOW_BYTES));
  }
}
