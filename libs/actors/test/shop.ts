import {
  type Actor,
  type ActorContext,
  DeadLetter,
  exponentialBackOff,
  type LifecycleMessage,
  type Pid,
  Props,
  type Received,
  type Request,
} from '@rookery/actors';
import { type CartMessage, cartProps } from './cart.js';

// #region shop
export type ShopMessage = Open | DeadLetter;

interface Open extends Request<Pid<CartMessage>> {
  readonly type: 'Open';
  readonly customer: string;
}

/** Makes a cart for each customer, and knows which ones there are. */
export class ShopActor implements Actor<ShopMessage> {
  private readonly carts = new Map<string, Pid<CartMessage>>();
  private lost = 0;

  receive(message: Received<ShopMessage>, context: ActorContext<ShopMessage>): void {
    switch (message.type) {
      case 'Started':
        return void context.subscribe(DeadLetter);
      case 'Open':
        return context.reply(this.cartOf(message.customer, context));
      case 'Terminated':
        return this.forget(message.who.id);
      case 'DeadLetter':
        this.lost++;
        return;
      default:
        message satisfies LifecycleMessage;
    }
  }

  private cartOf(customer: string, context: ActorContext<ShopMessage>): Pid<CartMessage> {
    const known = this.carts.get(customer);
    if (known !== undefined) return known;
    // What a stranger is called is no name for an actor.
    const cart = context.spawnPrefixed(
      cartProps(() => Promise.resolve(`order-of-${customer}`)),
      'cart',
    );
    context.watch(cart);
    this.carts.set(customer, cart);
    return cart;
  }

  private forget(id: string): void {
    for (const [customer, cart] of this.carts) if (cart.id === id) this.carts.delete(customer);
  }
}

/** A cart that fails is made again after 100 ms, then 200 ms and so on; its mailbox keeps what comes meanwhile. */
export const shopProps = Props.fromProducer(() => new ShopActor()).withStrategy(exponentialBackOff());
// #endregion
