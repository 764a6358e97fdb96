// #region test
import { expect, it } from '@jest/globals';
import { type Pid } from '@rookery/actors';
import { createTestSystem, TestProbe } from '@rookery/actors/testing';
import { type CartMessage, cartProps } from './cart.js';
import { shopProps } from './shop.js';

it('a shop opens a cart for a customer, and the cart goes when nobody uses it', async () => {
  const { settle, system, time } = createTestSystem();
  const shop = system.spawnNamed(shopProps, 'shop');
  const probe = new TestProbe<Pid<CartMessage>>(system);
  await settle();

  probe.tell(shop, { type: 'Open', customer: 'ada' });
  await settle();
  const cart = probe.next() as Pid<CartMessage>;
  expect(cart.id).toMatch(/^shop\/cart/);

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
  const cart: Pid<CartMessage> = await opened;
  system.tell(cart, { type: 'AddItem', sku: 'tea' });
  const order = system.ask(cart, { type: 'CheckOut' });
  system.tell(cart, { type: 'AddItem', sku: 'milk' });
  const items = system.ask(cart, { type: 'GetItems' });
  await settle();
  const answer: { readonly orderId: string } | { readonly refusal: string } = await order;
  const skus: readonly string[] = await items;
  expect([answer, skus]).toEqual([{ orderId: 'order-of-ada' }, ['milk']]);
});

it('a cart whose order fails has its items still, and those that came meanwhile', async () => {
  const { settle, system } = createTestSystem();
  const cart = system.spawn(cartProps(() => Promise.reject(new Error('no money'))));
  system.tell(cart, { type: 'AddItem', sku: 'tea' });
  const order = system.ask(cart, { type: 'CheckOut' });
  system.tell(cart, { type: 'AddItem', sku: 'milk' });
  await settle();
  const items = system.ask(cart, { type: 'GetItems' });
  await settle();
  expect([await order, await items]).toEqual([{ refusal: 'Error: no money' }, ['tea', 'milk']]);
});

it('a customer whose cart has gone gets another one, whatever the customer is called', async () => {
  const { settle, system, time } = createTestSystem();
  const shop = system.spawnNamed(shopProps, 'shop');
  const opened = system.ask(shop, { type: 'Open', customer: 'ada / é' });
  await settle();
  const cart = await opened;
  system.stop(cart);
  await settle();
  const again = system.ask(shop, { type: 'Open', customer: 'ada / é' });
  await settle();
  expect((await again).equals(cart)).toBe(false);
  await time.advanceAsync(2000);
});
