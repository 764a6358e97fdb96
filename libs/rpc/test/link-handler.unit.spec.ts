import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@rookery/runtime';

import { StatusCode } from '../src/status/status-code.js';
import { LinkPair, RecordedCall } from './link-pair.js';

const forever = (): Promise<unknown> => new Promise(() => undefined);

describe('what a handler is told and may answer', () => {
  it('is that its time is up, when it asks for the signal', async () => {
    let signal: AbortSignal | undefined;
    const pair = new LinkPair({
      handler: (_request, context) => {
        signal = context.signal;
        return forever();
      },
    });
    await pair.settle();
    pair.send(undefined, pair.time.clock.monotonic() + 100);
    await pair.settle();
    expect(signal?.aborted).toBe(false);
    await pair.time.advanceAsync(150);
    expect(signal?.aborted).toBe(true);
  });

  it('is nothing of the kind once it has answered', async () => {
    let signal: AbortSignal | undefined;
    const pair = new LinkPair({
      handler: (_request, context) => {
        signal = context.signal;
        return { lines: [] };
      },
    });
    await pair.settle();
    pair.send(undefined, pair.time.clock.monotonic() + 100);
    await pair.time.advanceAsync(1000);
    expect(signal?.aborted).toBe(false);
  });

  it('is not a defect when it gives up because of that', async () => {
    const pair = new LinkPair({
      handler: (_request, { signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    });
    await pair.settle();
    const call = pair.send(undefined, pair.time.clock.monotonic() + 100);
    await pair.time.advanceAsync(200);
    expect(call.ending).toMatchObject({ status: { code: StatusCode.DEADLINE_EXCEEDED } });
    expect(pair.hiddenErrors).toEqual([]);
  });

  it('may be an error larger than a frame, of which the core arrives', async () => {
    const pair = new LinkPair({
      handler: (_request, context) => {
        for (let index = 0; index < 50; index++) context.setTrailer(`t${index}`, 'x'.repeat(4000));
        throw new DomainError('SOLD_OUT', 'no unit is left', { kind: 'failed-precondition' });
      },
    });
    await pair.settle();
    const call = pair.send();
    await pair.settle();
    expect(call.ending).toMatchObject({
      status: { code: StatusCode.FAILED_PRECONDITION, message: 'no unit is left', details: [{}] },
    });
  });

  it('may not be metadata that gRPC could not carry', async () => {
    for (const [key, value] of [
      ['größe', 'x'],
      ['grpc-status', '0'],
      ['blob-bin', 'text'],
      ['text', Buffer.from([1])],
      ['text', 'zwei\nZeilen'],
    ] as const) {
      const pair = new LinkPair({ handler: (_request, context) => context.setTrailer(key, value) });
      await pair.settle();
      const call = pair.send();
      await pair.settle();
      expect(call.ending).toMatchObject({ status: { code: StatusCode.INTERNAL } });
      expect(pair.hiddenErrors).toMatchObject([{ name: 'TypeError' }]);
    }
  });

  it('may be an answer that does not fit the contract, which is the log’s affair', async () => {
    const pair = new LinkPair({ handler: () => ({ total: { currency: '', minorUnits: 1.5 }, lines: [] }) });
    await pair.settle();
    const call = pair.send();
    await pair.settle();
    expect(call.ending).toMatchObject({ status: { code: StatusCode.INTERNAL, message: 'internal error' } });
    expect(String(pair.hiddenErrors[0])).toContain('1.5 is no int64');
  });
});

describe('a request that cannot be encoded', () => {
  it('fails alone, naming its field', async () => {
    const pair = new LinkPair();
    await pair.settle();
    const bad = pair.send({ currency: 'EUR', lines: [{ sku: 'a', quantity: 0.5 }] });
    const good = pair.send();
    expect(bad.ending).toMatchObject({ status: { code: StatusCode.INVALID_ARGUMENT } });
    expect((bad.ending as { status: { message: string } }).status.message).toContain('lines[0].quantity: 0.5');
    await pair.settle();
    expect(good.ending?.kind).toBe('succeeded');
  });

  it('is not sent when its time ran out in the queue', async () => {
    let entered = 0;
    const pair = new LinkPair({ callCredit: 1, handler: () => (++entered === 1 ? forever() : { lines: [] }) });
    await pair.settle();
    const first = pair.send();
    const late = new RecordedCall({ currency: '', lines: [] }, pair.time.clock.monotonic() + 50);
    pair.caller.send(late);
    await pair.time.advanceAsync(100);
    pair.caller.cancel(first);
    await pair.settle();
    expect(late.ending).toMatchObject({ status: { code: StatusCode.DEADLINE_EXCEEDED, isNotStarted: true } });
    expect(entered).toBe(1);
  });
});
