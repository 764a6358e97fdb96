/** The far side of the bare stream: takes frames, answers those that want it, and tells how many they were. */
import * as grpc from '@grpc/grpc-js';

import { announce } from '../closed-loop.js';
import { FrameWriter, Kind, METHOD, readFrames } from './floor-frames.js';
import { BODY_BYTES } from './remote-workloads.js';

const NO_BODY = Buffer.alloc(BODY_BYTES);

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
  announce({ port });
});
