// #region test
import { expect, it } from '@jest/globals';
import { type Pid } from '@rookery/actors';
import { createTestSystem, TestProbe } from '@rookery/actors/testing';
import { type CartMessage } from './cart.js';
import { shopProps } from './shop.js';

it('a shop opens a cart for a customer, and the cart goes when nobody uses it', async () => {
  const { settle, system, time } = createTestSystem();
  const shop = system.spawnNamed(shopProps, 'shop');
  const probe = new TestProbe<Pid<CartMessage>>(system);
  await settle();

  probe.tell(shop, { type: 'Open', customer: 'ada' });
  await settle();
  const cart = probe.next() as Pid<CartMessage>;
  expect(cart.id).toBe('shop/ada');

  system.tell(cart, { type: 'AddItem', sku: 'tea' });
  const items = system.ask(cart, { type: 'GetItems' });
  await settle();
  expect(await items).toEqual(['tea']);

  probe.watch(cart);
  await time.advanceAsync(60_000);
  expect(probe.next()).toMatchObject({ type: 'Terminated', reason: 'stopped' });
});
// #endregion

it('an order is placed while the cart goes on, and the answer has its type', async () => {
  const { settle, system } = createTestSystem();
  const shop = system.spawnNamed(shopProps, 'shop');
  const opened = system.ask(shop, { type: 'Open', customer: 'ada' });
  await settle();
  const cart = (await opened) as Pid<CartMessage>;
  const order = system.ask(cart, { type: 'CheckOut' });
  const items = system.ask(cart, { type: 'GetItems' });
  await settle();
  const { orderId }: { readonly orderId: string } = await order;
  const skus: readonly string[] = await items;
  expect([orderId, skus]).toEqual(['order-of-ada', []]);
});

it('a cart whose order fails is made again, and the asker hears of it', async () => {
  const { settle, system, time } = createTestSystem();
  const shop = system.spawnNamed(shopProps, 'shop');
  const opened = system.ask(shop, { type: 'Open', customer: 'ada' });
  await settle();
  const cart = (await opened) as Pid<CartMessage>;
  system.stop(cart);
  await settle();
  const again = system.ask(shop, { type: 'Open', customer: 'ada' });
  await settle();
  expect(((await again) as Pid<CartMessage>).equals(cart)).toBe(false);
  await time.advanceAsync(2000);
});
