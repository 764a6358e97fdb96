// #region cart
import {
  type Actor,
  type ActorContext,
  type LifecycleMessage,
  Props,
  type Received,
  type Request,
} from '@rookery/actors';

export type CartMessage = AddItem | GetItems | CheckOut;

interface AddItem {
  readonly type: 'AddItem';
  readonly sku: string;
}

/** A message that is answered says with what. */
interface GetItems extends Request<readonly string[]> {
  readonly type: 'GetItems';
}

interface CheckOut extends Request<{ readonly orderId: string } | { readonly refusal: string }> {
  readonly type: 'CheckOut';
}

export class CartActor implements Actor<CartMessage> {
  private items: readonly string[] = [];

  constructor(private readonly placeOrder: (items: readonly string[]) => Promise<string>) {}

  receive(message: Received<CartMessage>, context: ActorContext<CartMessage>): void {
    switch (message.type) {
      case 'Started':
        return context.setReceiveTimeout(60_000);
      case 'AddItem':
        this.items = [...this.items, message.sku];
        return;
      case 'GetItems':
        return context.reply(this.items);
      case 'CheckOut':
        return this.checkOut(context);
      case 'ReceiveTimeout':
        return context.stop();
      default:
        // What is left is the runtime's: a message of ours without a case does not compile.
        message satisfies LifecycleMessage;
    }
  }

  /** Other messages are handled while the order is placed; what follows is a turn of its own again. */
  private checkOut(context: ActorContext<CartMessage>): void {
    const { items } = this;
    // Taken out at once: what is added meanwhile belongs to the next order.
    this.items = [];
    context.reenterAfter(this.placeOrder(items), (outcome) => {
      if (outcome.status === 'fulfilled') return context.reply({ orderId: outcome.value });
      this.items = [...items, ...this.items];
      context.reply({ refusal: String(outcome.reason) });
    });
  }
}

export const cartProps = (placeOrder: (items: readonly string[]) => Promise<string>): Props<CartMessage> =>
  Props.fromProducer(() => new CartActor(placeOrder));
// #endregion
