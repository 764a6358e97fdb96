import { orders } from '@rookery/contracts/messages';

/** What is asked by one method, and what may not stand in each of its fields. */
export interface Asked {
  readonly good: Readonly<Record<string, unknown>>;
  /** By the field that the refusal names: what is changed in the good request. */
  readonly bad: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
}

const orderId = '01890000-0000-7000-8000-00000000000a';
const line = { sku: 'tea', quantity: 1 };
const money = { currency: 'EUR', minorUnits: 1999 };

const LONG = 'x'.repeat(100_000);
const skus = ['', 'a b', 'tée', '../tea', "tea'; --", 'tea\n', '\0', 'x'.repeat(65), LONG];
const ids = ['', 'one', orderId.toUpperCase(), orderId.replaceAll('-', ''), `{${orderId}}`, `${orderId}\n`, LONG];
const currencies = ['', 'XXX', 'eur', 'EURO', '€', 'EUR|USD', LONG];
const cards = ['', '4111111111111111', 'tok_', 'tok_OK', 'tok_ok ', `tok_${'x'.repeat(61)}`, LONG];
const amounts = [0, -1, -Number.MAX_SAFE_INTEGER, 1_000_000_000_001, Number.MAX_SAFE_INTEGER];

const ofSku = { sku: skus.map((sku) => ({ sku })) };
const ofOrder = { orderId: ids.map((id) => ({ orderId: id })) };
const quantities = (most: number) => [0, most + 1, 2 ** 32 - 1];

const moneyAt = (field: string) => ({
  [field]: [{ [field]: undefined }],
  [`${field}.currency`]: currencies.map((currency) => ({ [field]: { ...money, currency } })),
  [`${field}.minorUnits`]: amounts.map((minorUnits) => ({ [field]: { ...money, minorUnits } })),
});

const aboutOrder: Asked = { good: { orderId }, bad: ofOrder };
const aboutBoth: Asked = { good: { sku: 'tea', orderId }, bad: { ...ofSku, ...ofOrder } };

const many = (count: number) => Array.from({ length: count }, (_, nth) => ({ sku: `sku-${nth}`, quantity: 1 }));

/** By the path of the method: all that can be asked of the services of the sale. */
export const asked: Readonly<Record<string, Asked>> = {
  '/rookery.inventory.v1.InventoryService/ReceiveStock': {
    good: line,
    bad: { ...ofSku, quantity: quantities(1_000_000).map((quantity) => ({ quantity })) },
  },
  '/rookery.inventory.v1.InventoryService/GetStock': { good: { sku: 'tea' }, bad: ofSku },
  '/rookery.inventory.v1.InventoryService/Reserve': {
    good: { ...line, orderId },
    bad: { ...ofSku, ...ofOrder, quantity: quantities(1000).map((quantity) => ({ quantity })) },
  },
  '/rookery.inventory.v1.InventoryService/Commit': aboutBoth,
  '/rookery.inventory.v1.InventoryService/Release': aboutBoth,
  '/rookery.inventory.v1.InventoryService/ReturnStock': aboutBoth,
  '/rookery.inventory.v1.InventoryService/ExpireReservation': aboutBoth,

  '/rookery.payments.v1.PaymentsService/Authorise': {
    good: { orderId, amount: money, card: 'tok_ok' },
    bad: { ...ofOrder, ...moneyAt('amount'), card: cards.map((card) => ({ card })) },
  },
  '/rookery.payments.v1.PaymentsService/Capture': aboutOrder,
  '/rookery.payments.v1.PaymentsService/Void': aboutOrder,
  '/rookery.payments.v1.PaymentsService/GetPayment': aboutOrder,
  '/rookery.payments.v1.PaymentsService/Settle': aboutOrder,
  '/rookery.payments.v1.PaymentsService/GiveUp': aboutOrder,

  '/rookery.orders.v1.OrdersService/PlaceOrder': {
    good: { orderId, lines: [line], currency: 'EUR', card: 'tok_ok' },
    bad: {
      ...ofOrder,
      lines: [[], many(21), many(10_000)].map((lines) => ({ lines })),
      'lines[0].sku': skus.map((sku) => ({ lines: [{ ...line, sku }] })),
      'lines[0].quantity': quantities(1000).map((quantity) => ({ lines: [{ ...line, quantity }] })),
      'lines[1].sku': [{ lines: [line, { ...line, quantity: 2 }] }],
      currency: currencies.map((currency) => ({ currency })),
      card: cards.map((card) => ({ card })),
    },
  },
  '/rookery.orders.v1.OrdersService/CancelOrder': aboutOrder,
  '/rookery.orders.v1.OrdersService/GetOrder': aboutOrder,
  '/rookery.orders.v1.OrdersService/SealOrder': {
    good: { orderId, total: money },
    bad: { ...ofOrder, ...moneyAt('total') },
  },
  '/rookery.orders.v1.OrdersService/ConfirmOrder': aboutOrder,
  '/rookery.orders.v1.OrdersService/AbandonOrder': {
    good: { orderId, reason: orders.CancelReason.CANCEL_REASON_TIMED_OUT },
    bad: {
      ...ofOrder,
      // A customer cancels; nobody abandons an order for one.
      reason: [0, orders.CancelReason.CANCEL_REASON_CUSTOMER, 99].map((reason) => ({ reason })),
    },
  },
  '/rookery.orders.v1.OrderQueryService/ListOrders': {
    good: { pageSize: 1, pageToken: '' },
    bad: {
      pageSize: [101, 1_000_000_000, 2 ** 32 - 1].map((pageSize) => ({ pageSize })),
      pageToken: ['1', '\0', `${orderId}\0`, orderId, 'x'.repeat(257), LONG].map((pageToken) => ({ pageToken })),
    },
  },
  '/rookery.orders.v1.OrderQueryService/WatchOrder': aboutOrder,
};
