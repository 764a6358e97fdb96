/** The near side of the bare stream. Arguments: the bench and the port of the far side. */
import * as grpc from '@grpc/grpc-js';

import { Score } from './actor-library.js';
import { FrameWriter, Kind, METHOD, readFrames } from './floor-frames.js';
import { BODY_BYTES, OUTSTANDING, serveNearSide } from './remote-workloads.js';

const [, port = ''] = process.argv.slice(2);
const client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
const stream = client.makeBidiStreamRequest(METHOD.path, METHOD.requestSerialize, METHOD.responseDeserialize);
const writer = new FrameWriter(stream);
const body = Buffer.alloc(BODY_BYTES, 'x');

let score = new Score();
let onCount: (count: number) => void = () => undefined;

readFrames(stream, (kind, value) => {
  if (kind === Kind.COUNT) return onCount(value);
  score.returned++;
  if (score.sent < score.goal) sendPing();
  else if (score.returned === score.goal) score.done();
});

function sendPing(): void {
  writer.push(Kind.PING, score.sent++, body);
}

serveNearSide({
  flood: async (own) => {
    while (own.sent < own.goal) {
      if (writer.isFull) await writer.untilDrained();
      writer.push(Kind.ITEM, own.sent++, body);
    }
  },
  pingPong: (own) => {
    score = own;
    return new Promise((resolve) => {
      score.done = resolve;
      for (let left = OUTSTANDING; left > 0; left--) sendPing();
    });
  },
  farCount: () => {
    writer.push(Kind.REPORT, 0, body);
    return new Promise((resolve) => (onCount = resolve));
  },
});
