import { randomUUID } from 'node:crypto';
import { orders } from '@rookery/contracts/messages';
import { OrderQueryServiceClient, OrdersServiceClient } from '@rookery/contracts/nest';
import { StaticCatalogue } from '@rookery/discovery';
import { type ServiceUnderTest, startUnderTest } from '@rookery/service-kit/testing';
import { type TestDatabase, testDatabase, until } from '@rookery/testkit';
import { AppModule } from '../src/app.module.js';
import { type FakedIssuer, startFakedIssuer } from './faked-issuer.js';
import { InventoryModule, PaymentsModule, PricingModule } from './faked-neighbours.js';
import { neighbours } from './neighbours.js';

const SCOPES = ['orders:read', 'orders:write'];

type Settings = ServiceUnderTest['trust'];

/** Instances of orders among faked neighbours, on one database. */
export class OrdersHouse {
  readonly instances = new Map<string, ServiceUnderTest>();

  private constructor(
    readonly database: TestDatabase,
    private readonly catalogue: StaticCatalogue,
    private readonly faked: readonly ServiceUnderTest[],
    private readonly issuer: FakedIssuer,
    private readonly settings: Settings,
    private readonly tokens: ReadonlyMap<string, string>,
    readonly orders: OrdersServiceClient,
    readonly queries: OrderQueryServiceClient,
  ) {}

  /** With the instances that are named. */
  static async open(ids: readonly string[], settings: Settings = {}): Promise<OrdersHouse> {
    const catalogue = new StaticCatalogue();
    const pricing = await startUnderTest(PricingModule, {}, catalogue);
    const { trust } = pricing;
    const inventory = await startUnderTest(InventoryModule, trust, catalogue);
    const payments = await startUnderTest(PaymentsModule, trust, catalogue);
    const issuer = await startFakedIssuer(() => pricing.token(['pricing:read'], 'orders'));
    const database = await testDatabase();
    const people = ['ada', 'eve', 'bob'];
    const tokens = await Promise.all(people.map(async (name) => [name, await pricing.token(SCOPES, name)] as const));
    const house = new OrdersHouse(
      ...([database, catalogue, [pricing, inventory, payments], issuer] as const),
      ...([{ ...trust, ...settings }, new Map(tokens)] as const),
      ...([pricing.client(OrdersServiceClient), pricing.client(OrderQueryServiceClient)] as const),
    );
    for (const id of ids) await house.start(id);
    return house;
  }

  async start(id: string): Promise<void> {
    const own = { INSTANCE_ID: id, DATABASE_URL: this.database.url, TOKEN_URL: this.issuer.url };
    this.instances.set(id, await startUnderTest(AppModule, { ...own, ...this.settings }, this.catalogue));
  }

  async stop(id: string): Promise<void> {
    const instance = this.instances.get(id);
    this.instances.delete(id);
    await instance?.stop();
  }

  async close(): Promise<void> {
    for (const id of [...this.instances.keys()]) await this.stop(id);
    for (const service of this.faked) await service.stop();
    this.issuer.close();
    await this.database.drop();
  }

  /** What a call of this customer says of who calls. */
  by(customer: string): { readonly token: string } {
    return { token: this.tokens.get(customer) ?? '' };
  }

  /** Has `ada` place an order, of one unit, and gives its id. */
  async place(sku: string, over: Partial<orders.PlaceOrderRequest> = {}, customer = 'ada'): Promise<string> {
    const orderId = randomUUID();
    const wish = { orderId, lines: [{ sku, quantity: 1 }], currency: 'EUR', card: 'tok_ok', ...over };
    await this.orders.placeOrder(wish, this.by(customer));
    return orderId;
  }

  async order(orderId: string, customer = 'ada'): Promise<orders.Order | undefined> {
    return (await this.orders.getOrder({ orderId }, this.by(customer))).order;
  }

  /** The order, as soon as it has ended. */
  async ended(orderId: string, customer = 'ada'): Promise<orders.Order | undefined> {
    const { ORDER_STATUS_CANCELLED, ORDER_STATUS_CONFIRMED } = orders.OrderStatus;
    let order: orders.Order | undefined;
    await until(`order ${orderId} has ended`, async () => {
      order = await this.order(orderId, customer);
      return order?.status === ORDER_STATUS_CONFIRMED || order?.status === ORDER_STATUS_CANCELLED;
    });
    return order;
  }

  /** What all instances have logged so far, as text. */
  logged(): readonly unknown[] {
    return [...this.instances.values()].flatMap(({ log }) => log.map(({ msg }) => msg));
  }

  async untilAsked(method: string, orderId: string, times = 1): Promise<void> {
    await until(`${method} was asked`, () => neighbours.asked(method, orderId).length >= times);
  }
}
