import { describe, expect, it } from '@jest/globals';
import { orders } from '@rookery/contracts/messages';
import { type RecordedEvent, streamOf } from '@rookery/eventsourcing';
import type { OrderEvent } from '../domain/order.events.js';
import { OrderEventsPublisher } from './order.events.publisher.js';

const total = { currency: 'EUR', minorUnits: 1200 };

function recorded(event: OrderEvent): RecordedEvent<OrderEvent> {
  return { stream: streamOf('order', 'o-1'), version: 1, position: 1, event, metadata: {}, recordedAt: 0 };
}

describe('what orders tells others', () => {
  const publisher = new OrderEventsPublisher();

  it('is what was placed, without customer and card', () => {
    const lines = [{ sku: 'tea', quantity: 2 }];
    const placed = {
      type: 'OrderPlaced',
      orderId: 'o-1',
      customer: 'alice',
      lines,
      currency: 'EUR',
      card: 'tok_ok',
      at: 5,
    } as const;
    expect(publisher.from(recorded(placed))).toEqual({
      type: orders.OrderPlaced,
      message: { orderId: 'o-1', lines },
      key: 'o-1',
    });
  });

  it('is what a confirmed order cost', () => {
    expect(publisher.from(recorded({ type: 'OrderConfirmed', total }))).toEqual({
      type: orders.OrderConfirmed,
      message: { orderId: 'o-1', total },
      key: 'o-1',
    });
  });

  it('is why an order was cancelled', () => {
    expect(publisher.from(recorded({ type: 'OrderCancelled', reason: 'out-of-stock' }))).toEqual({
      type: orders.OrderCancelled,
      message: { orderId: 'o-1', reason: orders.CancelReason.CANCEL_REASON_OUT_OF_STOCK },
      key: 'o-1',
    });
  });

  it('is nothing of the seal, which is a matter of its fulfilment', () => {
    expect(publisher.from(recorded({ type: 'OrderSealed', total }))).toBeUndefined();
  });
});
