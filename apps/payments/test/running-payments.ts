import { randomUUID } from 'node:crypto';
import { payments } from '@rookery/contracts/messages';
import { PaymentsServiceClient } from '@rookery/contracts/nest';
import { StaticCatalogue } from '@rookery/discovery';
import { EventStore } from '@rookery/eventsourcing';
import { type ServiceUnderTest, startUnderTest } from '@rookery/service-kit/testing';
import { type TestDatabase, testDatabase, until } from '@rookery/testkit';
import pg from 'pg';
import { AppModule } from '../src/app.module.js';
import type { PaymentEvent } from '../src/payment/domain/payment.events.js';

/** What the provider has in its book of an order. */
export interface Booking {
  readonly status: string;
  readonly authorise_asked: number;
  readonly capture_asked: number;
  readonly void_asked: number;
}

export const amount = { currency: 'EUR', minorUnits: 1999 };

export const paid = (orderId: string, status: payments.PaymentStatus, declineReason = ''): payments.Payment => ({
  ...{ orderId, status, amount, declineReason },
});

/** A provider that answers does so in time on a busy machine, too; payments itself does not ask again while a test looks. */
const TIMES = { PROVIDER_LATENCY_MS: '5', PROVIDER_TIMEOUT_MS: '2000', ASK_AGAIN_MS: '600000' };

type Settings = ServiceUnderTest['trust'];

/** Two copies of payments on one database, their callers, and a look behind them. */
export class RunningPayments {
  private readonly catalogue = new StaticCatalogue();
  private copies = 0;

  private constructor(
    private readonly database: TestDatabase,
    private readonly connection: pg.Client,
    private readonly settings: Settings,
    private readonly services: ServiceUnderTest[] = [],
  ) {}

  static async start(settings: Settings = {}): Promise<RunningPayments> {
    const database = await testDatabase();
    const connection = new pg.Client({ connectionString: database.url });
    await connection.connect();
    const running = new RunningPayments(database, connection, settings);
    await running.startCopy();
    await running.startCopy();
    return running;
  }

  get client(): PaymentsServiceClient {
    return this.first.client(PaymentsServiceClient);
  }

  async stop(): Promise<void> {
    await Promise.all(this.services.map((service) => service.stop()));
    await this.connection.end();
    await this.database.drop();
  }

  /** Another copy in the place of one that stops first. */
  async replaceCopy(): Promise<void> {
    await this.services.pop()?.stop();
    await this.startCopy();
  }

  token(...scopes: readonly string[]): Promise<string> {
    return this.first.token(scopes);
  }

  async authorise(orderId: string, card: string, key: string = randomUUID(), minorUnits = amount.minorUnits) {
    return (await this.client.authorise({ orderId, amount: { ...amount, minorUnits }, card }, keyed(key))).payment;
  }

  async capture(orderId: string, key: string = randomUUID()) {
    return (await this.client.capture({ orderId }, keyed(key))).payment;
  }

  async void(orderId: string, key: string = randomUUID()) {
    return (await this.client.void({ orderId }, keyed(key))).payment;
  }

  async paymentOf(orderId: string) {
    return (await this.client.getPayment({ orderId }, { token: await this.token('payments:read') })).payment;
  }

  reaches(orderId: string, status: payments.PaymentStatus): Promise<void> {
    const what = `the payment is ${payments.PaymentStatus[status]}`;
    return until(what, async () => (await this.paymentOf(orderId))?.status === status);
  }

  /** What happened to a payment, as the database has it. */
  async eventsOf(orderId: string): Promise<readonly string[]> {
    const text = 'select type from event_store.events where stream = $1 order by version';
    const { rows } = await this.connection.query<{ type: string }>(text, [`payment-${orderId}`]);
    return rows.map(({ type }) => type);
  }

  async bookingOf(orderId: string): Promise<Booking | undefined> {
    const text = `select status, authorise_asked, capture_asked, void_asked
                    from provider_simulation.bookings where key = $1`;
    return (await this.connection.query<Booking>(text, [`authorise-${orderId}`])).rows[0];
  }

  /** What a process leaves that dies before it hears of the provider. */
  async leave(orderId: string, ...events: readonly PaymentEvent[]): Promise<void> {
    const written = events.map((event) => ({ event: { ...event }, schema: 1, metadata: {} }));
    const place = { stream: `payment-${orderId}`, expectedVersion: 0 };
    await this.first.service.app.get(EventStore).append({ ...place, events: written, commands: [] });
  }

  private get first(): ServiceUnderTest {
    const [first] = this.services;
    if (first === undefined) throw new Error('no copy is running');
    return first;
  }

  private async startCopy(): Promise<void> {
    const own = { INSTANCE_ID: `payments-${++this.copies}`, DATABASE_URL: this.database.url, ...TIMES };
    const given = { ...own, ...this.settings };
    this.services.push(await startUnderTest(AppModule, { ...given, ...this.services[0]?.trust }, this.catalogue));
  }
}

const keyed = (key: string) => ({ metadata: { 'idempotency-key': key }, timeoutMs: 60_000 });
