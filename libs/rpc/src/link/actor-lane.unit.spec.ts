import { describe, expect, it } from '@jest/globals';
import { link } from '@rookery/contracts/messages';

import { ActorLane } from './actor-lane.js';
import {
  FULL_BATCH_BYTES,
  MAX_ACTOR_BACKLOG_BYTES,
  MAX_ACTOR_PAYLOAD_BYTES,
  MAX_FRAME_BYTES,
  MAX_WRITE_BYTES,
} from './protocol.js';

const payloadsOf = (batch: Uint8Array | undefined): Buffer[] =>
  link.Batch.decode(batch ?? new Uint8Array()).frames.map(({ actors }) => Buffer.from(actors?.payload ?? []));

describe('actor frames written by hand', () => {
  it('are what the generated codec reads, of any size', () => {
    const lane = new ActorLane();
    const payloads = [0, 1, 127, 128, 16_383, 16_384, MAX_ACTOR_PAYLOAD_BYTES].map((size) => Buffer.alloc(size, 7));
    for (const payload of payloads) lane.add(payload);
    expect(payloadsOf(lane.next())).toEqual(payloads);
    expect(lane.backlogBytes).toBe(0);
    expect(lane.next()).toBeUndefined();
  });

  it('take no more than the frame limit, all of it counted, and a batch no more than a write', () => {
    const lane = new ActorLane();
    lane.add(Buffer.alloc(MAX_ACTOR_PAYLOAD_BYTES));
    expect(lane.backlogBytes).toBe(MAX_FRAME_BYTES);
    while (!lane.add(Buffer.alloc(MAX_ACTOR_PAYLOAD_BYTES)));
    expect(lane.backlogBytes).toBeLessThanOrEqual(MAX_WRITE_BYTES);
    expect(lane.next()?.length).toBeGreaterThanOrEqual(FULL_BATCH_BYTES);
  });

  it('wait up to a bound, and are blocked until less than that waits', () => {
    const lane = new ActorLane();
    while (!lane.isBlocked) lane.add(Buffer.alloc(MAX_ACTOR_PAYLOAD_BYTES));
    expect(lane.backlogBytes).toBeGreaterThanOrEqual(MAX_ACTOR_BACKLOG_BYTES);
    expect(lane.backlogBytes).toBeLessThan(MAX_ACTOR_BACKLOG_BYTES + MAX_WRITE_BYTES);
    lane.next();
    expect(lane.isBlocked).toBe(false);
  });

  it('stay as they were until their batch was written, while others follow', () => {
    const lane = new ActorLane();
    const batches = [1, 2, 3, 4].map((fill) => {
      lane.add(Buffer.alloc(1000, fill));
      return lane.next();
    });
    expect(batches.map((batch) => payloadsOf(batch)[0]?.[0])).toEqual([1, 2, 3, 4]);
    const [first] = batches;
    if (first !== undefined) lane.release(first);
    lane.add(Buffer.alloc(500, 5));
    expect(payloadsOf(lane.next())).toEqual([Buffer.alloc(500, 5)]);
    expect(batches.slice(1).map((batch) => payloadsOf(batch)[0]?.[0])).toEqual([2, 3, 4]);
  });
});
