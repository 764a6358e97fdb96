/** The near side of the bare stream. Arguments: the bench and the port of the far side. */
import * as grpc from '@grpc/grpc-js';

import { announce } from '../closed-loop.js';
import { Score } from './actor-library.js';
import { BODY_BYTES, FrameWriter, Kind, METHOD, readFrames } from './floor-frames.js';
import { OUTSTANDING, REMOTE_MESSAGES } from './remote-shape.js';
import { type Workload, workOnDemand } from './workload.js';

const [bench = '', port = ''] = process.argv.slice(2);
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

/** What the far side has counted since it was asked last. */
function farCount(): Promise<number> {
  writer.push(Kind.REPORT, 0, body);
  return new Promise((resolve) => (onCount = resolve));
}

const workloads: Readonly<Record<string, Workload>> = {
  'remote-flood': {
    pass: async () => {
      score = new Score();
      score.goal = REMOTE_MESSAGES;
      while (score.sent < score.goal) {
        if (writer.isFull) await writer.untilDrained();
        writer.push(Kind.ITEM, score.sent++, body);
      }
      score.arrived = await farCount();
      score.check(false);
      return REMOTE_MESSAGES;
    },
  },
  'remote-ping-pong': {
    pass: async () => {
      score = new Score();
      score.goal = REMOTE_MESSAGES;
      await new Promise<void>((resolve) => {
        score.done = resolve;
        for (let left = OUTSTANDING; left > 0; left--) sendPing();
      });
      score.arrived = score.answered = await farCount();
      score.check(true);
      return 2 * REMOTE_MESSAGES;
    },
  },
};

const workload = workloads[bench];
if (workload === undefined) throw new Error(`there is no bench "${bench}"`);
workOnDemand(workload);
announce({});
