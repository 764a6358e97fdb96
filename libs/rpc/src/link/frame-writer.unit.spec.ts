import { describe, expect, it } from '@jest/globals';
import { link, pricing } from '@rookery/contracts/messages';

import { ActorLane } from './actor-lane.js';
import { FrameWriter } from './frame-writer.js';
import { type IncomingCall, type IncomingReply, readBatch } from './frame-reader.js';

const message: pricing.QuotePriceRequest = { currency: 'EUR', lines: [{ sku: 'a', quantity: 2 }] };
const payload = Buffer.from(pricing.QuotePriceRequest.encode(message).finish());
const codec = pricing.QuotePriceRequest;

const fullCall = {
  id: 4_000_000_000,
  methodNumber: 300,
  path: '/rookery.pricing.v1.PricingService/QuotePrice',
  remainingMs: 0,
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  authorization: `Bearer ${'x'.repeat(500)}`,
  metadata: new Map<string, string | Uint8Array>([
    ['tenant', 'größe'],
    ['blob-bin', Buffer.from([1, 2, 3])],
  ]),
  attempt: 2,
};

describe('frames written by hand', () => {
  it('are what the generated codec reads: a call', () => {
    const writer = new FrameWriter(65536);
    writer.call(fullCall, message, codec);
    const batch = link.Batch.decode(writer.take());
    expect(batch.frames[0]?.call).toEqual({
      id: 4_000_000_000,
      method: 300,
      path: fullCall.path,
      remainingMs: 0,
      traceparent: fullCall.traceparent,
      authorization: fullCall.authorization,
      metadata: [
        { key: 'tenant', text: 'größe', binary: undefined },
        { key: 'blob-bin', text: undefined, binary: Buffer.from([1, 2, 3]) },
      ],
      attempt: 2,
      payload,
    });
  });

  it('are what the generated codec reads: a reply and control frames', () => {
    const writer = new FrameWriter(65536);
    writer.reply(7, message, codec, new Map([['h', '1']]), new Map([['t', '2']]));
    writer.control({ ping: { nonce: 9 } });
    const batch = link.Batch.decode(writer.take());
    expect(batch.frames.map((frame) => frame.reply ?? frame.ping)).toMatchObject([
      { id: 7, code: 0, headers: [{ key: 'h', text: '1' }], trailers: [{ key: 't', text: '2' }], payload },
      { nonce: 9 },
    ]);
  });
});

describe('frames read by hand', () => {
  const read = (bytes: Uint8Array): (Partial<IncomingCall> | Partial<IncomingReply> | link.Frame)[] => {
    const seen: (Partial<IncomingCall> | Partial<IncomingReply> | link.Frame)[] = [];
    const keep = ({ reader, ...rest }: IncomingCall | IncomingReply): void => {
      const decoded = pricing.QuotePriceRequest.decode(reader, rest.payloadBytes);
      seen.push({ ...rest, ...{ decoded } });
    };
    readBatch(bytes, {
      onCall: keep,
      onReply: keep,
      onActors: (view) => seen.push(link.Frame.fromPartial({ actors: { payload: Buffer.from(view) } })),
      onControl: (frame) => seen.push(frame),
    });
    return seen;
  };

  it('are what the generated codec writes, in order', () => {
    const call = link.Call.fromPartial({ id: 5, method: 1, path: '/p', remainingMs: 12, payload });
    const frames = [{ hello: link.Hello.fromPartial({ instanceId: 'a' }) }, { call }, { reply: { id: 5, payload } }];
    const seen = read(link.Batch.encode(link.Batch.fromPartial({ frames })).finish());
    expect(seen).toMatchObject([
      { hello: { instanceId: 'a' } },
      { id: 5, methodNumber: 1, path: '/p', remainingMs: 12, decoded: message },
      { id: 5, decoded: message },
    ]);
  });

  it('are frames of actors too, also without a payload or with fields of a later version', () => {
    const frames = [{ actors: { payload: Buffer.from('ab') } }, { actors: {} }, { taken: { frames: 3 } }];
    const seen = read(link.Batch.encode(link.Batch.fromPartial({ frames })).finish());
    expect(seen).toMatchObject([
      { actors: { payload: Buffer.from('ab') } },
      { actors: { payload: Buffer.alloc(0) } },
      { taken: { frames: 3 } },
    ]);
    // Field 1 before the payload.
    const later = read(Buffer.from([0x0a, 0x07, 0x4a, 0x05, 0x08, 0x01, 0x7a, 0x01, 0x63]));
    expect(later).toMatchObject([{ actors: { payload: Buffer.from('c') } }]);
  });

  it('give a failed reply to the generated codec whole', () => {
    const frames = [{ reply: { id: 5, code: 14, message: 'gone', notStarted: true } }];
    const seen = read(link.Batch.encode(link.Batch.fromPartial({ frames })).finish());
    expect(seen).toMatchObject([{ reply: { id: 5, code: 14, message: 'gone', notStarted: true } }]);
  });

  it('end with an error when the bytes are cut anywhere', () => {
    const writer = new FrameWriter(65536);
    writer.call(fullCall, message, codec);
    const whole = writer.take();
    for (let size = 1; size < whole.length; size++) expect(() => read(whole.subarray(0, size))).toThrow();
    const lane = new ActorLane();
    lane.add(Buffer.alloc(200));
    const actors = lane.next() ?? Buffer.alloc(0);
    for (let size = 1; size < actors.length; size++) expect(() => read(actors.subarray(0, size))).toThrow();
  });
});
