import type { NewEvent } from '@rookery/eventsourcing';

/** An event of usual size. */
export const ORDER_PLACED: NewEvent = {
  event: {
    type: 'OrderPlaced',
    orderId: '0190f5d2-5b1c-7c3e-9a55-2f7d3f1d9a10',
    customer: 'customer-7',
    lines: [
      { sku: 'sku-1', quantity: 1, price: 100 },
      { sku: 'sku-2', quantity: 2, price: 250 },
    ],
    total: 600,
    currency: 'EUR',
  },
  schema: 1,
  metadata: { commandId: '0190f5d2-5b1c-7c3e-9a55-2f7d3f1d9a11', principal: 'customer-7' },
};
