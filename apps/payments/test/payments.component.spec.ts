import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { payments } from '@rookery/contracts/messages';
import { PaymentsServiceClient } from '@rookery/contracts/nest';
import { StaticCatalogue } from '@rookery/discovery';
import { EventStore } from '@rookery/eventsourcing';
import { type ServiceUnderTest, startUnderTest } from '@rookery/service-kit/testing';
import { type TestDatabase, testDatabase, until } from '@rookery/testkit';
import pg from 'pg';
import { AppModule } from '../src/app.module.js';
import type { PaymentEvent } from '../src/payment/domain/payment.events.js';

const { PaymentStatus: Status } = payments;
const amount = { currency: 'EUR', minorUnits: 1999 };
const timedOut = { code: 'PROVIDER_TIMED_OUT', kind: 'unavailable' };

let database: TestDatabase;
let connection: pg.Client;
const catalogue = new StaticCatalogue();
let services: ServiceUnderTest[];
let client: PaymentsServiceClient;
let token: string;
let trust = {};

beforeAll(async () => {
  database = await testDatabase();
  connection = new pg.Client({ connectionString: database.url });
  await connection.connect();
  const first = await start('a');
  trust = first.trust;
  services = [first, await start('b')];
  client = first.client(PaymentsServiceClient);
  token = await first.token(['payments:read']);
});

afterAll(async () => {
  await Promise.all(services.map((service) => service.stop()));
  await connection.end();
  await database.drop();
});

function start(id: string): Promise<ServiceUnderTest> {
  const times = { PROVIDER_LATENCY_MS: '5', PROVIDER_TIMEOUT_MS: '400', ASK_AGAIN_MS: '1500' };
  return startUnderTest(AppModule, { INSTANCE_ID: id, DATABASE_URL: database.url, ...times, ...trust }, catalogue);
}

const keyed = (key: string) => ({ metadata: { 'idempotency-key': key } });

async function authorise(orderId: string, card: string, key: string = randomUUID(), minorUnits = amount.minorUnits) {
  return (await client.authorise({ orderId, amount: { ...amount, minorUnits }, card }, keyed(key))).payment;
}

async function capture(orderId: string, key: string = randomUUID()) {
  return (await client.capture({ orderId }, keyed(key))).payment;
}

async function voidPayment(orderId: string, key: string = randomUUID()) {
  return (await client.void({ orderId }, keyed(key))).payment;
}

async function paymentOf(orderId: string) {
  return (await client.getPayment({ orderId }, { token })).payment;
}

const reaches = (orderId: string, status: payments.PaymentStatus) =>
  until(`the payment is ${Status[status]}`, async () => (await paymentOf(orderId))?.status === status);

const paid = (orderId: string, status: payments.PaymentStatus) => ({ orderId, status, amount, declineReason: '' });
const refused = (orderId: string, status: payments.PaymentStatus, declineReason: string) => ({
  ...{ orderId, status, amount, declineReason },
});

/** What happened to a payment, as the database has it. */
async function eventsOf(orderId: string): Promise<readonly string[]> {
  const text = 'select type from event_store.events where stream = $1 order by version';
  const { rows } = await connection.query<{ type: string }>(text, [`payment-${orderId}`]);
  return rows.map(({ type }) => type);
}

interface Booking {
  readonly status: string;
  readonly authorise_asked: number;
  readonly capture_asked: number;
  readonly void_asked: number;
}

/** What the provider has in its book of an order. */
async function bookingOf(orderId: string): Promise<Booking | undefined> {
  const text = `select status, authorise_asked, capture_asked, void_asked
                  from provider_simulation.bookings where key = $1`;
  return (await connection.query<Booking>(text, [`authorise-${orderId}`])).rows[0];
}

/** What a process leaves that dies before it hears of the provider. */
async function leave(orderId: string, ...events: readonly PaymentEvent[]): Promise<void> {
  const written = events.map((event) => ({ event: { ...event }, schema: 1, metadata: {} }));
  await services[0]?.service.app
    .get(EventStore)
    .append({ stream: `payment-${orderId}`, expectedVersion: 0, events: written, commands: [] });
}

const AUTHORISED = ['AuthorisationRequested', 'PaymentAuthorised'];
const CAPTURED = [...AUTHORISED, 'CaptureRequested', 'PaymentCaptured'];

describe('a payment', () => {
  it.each(['tok_ok', 'tok_slow', 'tok_duplicate'])('with %s is authorised and captured, once', async (card) => {
    const orderId = randomUUID();
    expect(await authorise(orderId, card)).toEqual(paid(orderId, Status.PAYMENT_STATUS_AUTHORISED));
    expect(await capture(orderId)).toEqual(paid(orderId, Status.PAYMENT_STATUS_CAPTURED));
    expect(await paymentOf(orderId)).toEqual(paid(orderId, Status.PAYMENT_STATUS_CAPTURED));
    expect(await eventsOf(orderId)).toEqual(CAPTURED);
    expect(await bookingOf(orderId)).toEqual({ status: 'taken', authorise_asked: 1, capture_asked: 1, void_asked: 0 });
  });

  it.each([
    ['tok_declined', 'declined'],
    ['tok_insufficient_funds', 'insufficient_funds'],
    ['tok_of_nobody', 'unknown_card'],
  ])('with %s is declined, for good', async (card, reason) => {
    const orderId = randomUUID();
    const declined = refused(orderId, Status.PAYMENT_STATUS_DECLINED, reason);
    expect(await authorise(orderId, card)).toEqual(declined);
    expect(await authorise(orderId, card)).toEqual(declined);
    await expect(capture(orderId)).rejects.toMatchObject({ code: 'PAYMENT_NOT_AUTHORISED' });
    expect(await voidPayment(orderId)).toEqual(declined);
    expect(await bookingOf(orderId)).toMatchObject({ status: 'declined', authorise_asked: 1, void_asked: 0 });
  });

  it('whose capture is declined stays so, and is voided', async () => {
    const orderId = randomUUID();
    await authorise(orderId, 'tok_capture_declined');
    const declined = refused(orderId, Status.PAYMENT_STATUS_CAPTURE_DECLINED, 'capture_declined');
    const key = randomUUID();
    expect(await capture(orderId, key)).toEqual(declined);
    expect(await capture(orderId)).toEqual(declined);
    expect(await voidPayment(orderId)).toMatchObject({ status: Status.PAYMENT_STATUS_VOIDED });
    expect(await capture(orderId, key)).toEqual(declined);
    await expect(capture(orderId)).rejects.toMatchObject({ code: 'PAYMENT_VOIDED' });
    expect(await bookingOf(orderId)).toEqual({
      status: 'given-up',
      authorise_asked: 1,
      capture_asked: 1,
      void_asked: 1,
    });
  });

  it('that is voided before it comes is refused when it comes', async () => {
    const orderId = randomUUID();
    const forestalled = { orderId, status: Status.PAYMENT_STATUS_VOIDED, amount: undefined, declineReason: '' };
    expect(await voidPayment(orderId)).toEqual(forestalled);
    await expect(authorise(orderId, 'tok_ok')).rejects.toMatchObject({ code: 'PAYMENT_VOIDED' });
    expect(await paymentOf(orderId)).toEqual(forestalled);
    expect(await bookingOf(orderId)).toBeUndefined();
  });

  it('that was captured is not voided', async () => {
    const orderId = randomUUID();
    await authorise(orderId, 'tok_ok');
    await capture(orderId);
    await expect(voidPayment(orderId)).rejects.toMatchObject({ code: 'PAYMENT_CAPTURED' });
    expect(await bookingOf(orderId)).toMatchObject({ status: 'taken', void_asked: 0 });
  });

  it('nobody asked for is not found', async () => {
    await expect(paymentOf(randomUUID())).rejects.toMatchObject({ code: 'PAYMENT_NOT_FOUND', kind: 'not-found' });
  });
});

describe('a provider that does not answer', () => {
  it('leaves it open, and the repeat of the command hears what it did', async () => {
    const orderId = randomUUID();
    const [first, second] = [randomUUID(), randomUUID()];
    await expect(authorise(orderId, 'tok_timeout_once', first)).rejects.toMatchObject(timedOut);
    expect(await paymentOf(orderId)).toEqual(paid(orderId, Status.PAYMENT_STATUS_AUTHORISING));
    expect(await authorise(orderId, 'tok_timeout_once', first)).toEqual(
      paid(orderId, Status.PAYMENT_STATUS_AUTHORISED),
    );
    await expect(capture(orderId, second)).rejects.toMatchObject(timedOut);
    await expect(voidPayment(orderId)).rejects.toMatchObject({ code: 'PAYMENT_CAPTURED' });
    expect(await capture(orderId, second)).toEqual(paid(orderId, Status.PAYMENT_STATUS_CAPTURED));
    expect(await eventsOf(orderId)).toEqual(CAPTURED);
    expect(await bookingOf(orderId)).toEqual({ status: 'taken', authorise_asked: 2, capture_asked: 2, void_asked: 0 });
  });

  it('is asked again when nobody comes back for the answer', async () => {
    const orderId = randomUUID();
    await authorise(orderId, 'tok_capture_timeout_once');
    await expect(capture(orderId)).rejects.toMatchObject(timedOut);
    await reaches(orderId, Status.PAYMENT_STATUS_CAPTURED);
    expect(await eventsOf(orderId)).toEqual(CAPTURED);
    expect(await bookingOf(orderId)).toMatchObject({ status: 'taken', capture_asked: 2 });
  });

  it('ever is told to give it up', async () => {
    const orderId = randomUUID();
    const key = randomUUID();
    await expect(authorise(orderId, 'tok_timeout', key)).rejects.toMatchObject(timedOut);
    const [late, voided] = await Promise.allSettled([authorise(orderId, 'tok_timeout', key), voidPayment(orderId)]);
    expect(voided).toMatchObject({ value: paid(orderId, Status.PAYMENT_STATUS_VOIDED) });
    expect(late).toMatchObject({ status: 'rejected' });
    await expect(authorise(orderId, 'tok_timeout', key)).rejects.toMatchObject({ code: 'PAYMENT_VOIDED' });
    expect(await eventsOf(orderId)).toEqual(['AuthorisationRequested', 'VoidRequested', 'PaymentVoided']);
    expect(await bookingOf(orderId)).toMatchObject({ status: 'given-up', void_asked: 1 });
  });

  it('in the time that a caller has keeps that caller no longer, and its answer is recorded when it comes', async () => {
    const orderId = randomUUID();
    await authorise(orderId, 'tok_slow');
    const hasty = () => client.capture({ orderId }, { timeoutMs: 60 });
    await expect(hasty()).rejects.toMatchObject({ kind: 'deadline-exceeded' });
    await until('the payment is captured', async () => {
      const [outcome] = await Promise.allSettled([hasty()]);
      return outcome.status === 'fulfilled';
    });
    expect(await eventsOf(orderId)).toEqual(CAPTURED);
    expect(await bookingOf(orderId)).toMatchObject({ status: 'taken', capture_asked: 1 });
  });
});

describe('a command that is repeated', () => {
  it('a hundred times at once is done once, and is answered alike then, when it is captured and after a restart', async () => {
    const orderId = randomUUID();
    const key = randomUUID();
    const first = paid(orderId, Status.PAYMENT_STATUS_AUTHORISED);
    const answers = await Promise.all(Array.from({ length: 100 }, () => authorise(orderId, 'tok_ok', key)));
    expect(answers).toEqual(Array.from({ length: 100 }, () => first));
    expect(await eventsOf(orderId)).toEqual(AUTHORISED);
    expect(await bookingOf(orderId)).toMatchObject({ status: 'held', authorise_asked: 1 });

    await Promise.all(Array.from({ length: 100 }, () => capture(orderId, 'one-capture')));
    expect(await authorise(orderId, 'tok_ok', key)).toEqual(first);
    const [a, b] = services;
    await b?.stop();
    services = [...(a === undefined ? [] : [a]), await start('c')];
    expect(await authorise(orderId, 'tok_ok', key)).toEqual(first);
    await expect(authorise(orderId, 'tok_ok', key, 1)).rejects.toMatchObject({ code: 'COMMAND_ID_REUSED' });
    expect(await eventsOf(orderId)).toEqual(CAPTURED);
    expect(await bookingOf(orderId)).toEqual({ status: 'taken', authorise_asked: 1, capture_asked: 1, void_asked: 0 });
  });

  it('under other ids is the same payment, as long as it is for the same amount with the same card', async () => {
    const orderId = randomUUID();
    const answers = await Promise.all(Array.from({ length: 20 }, () => authorise(orderId, 'tok_ok')));
    expect(answers).toEqual(Array.from({ length: 20 }, () => paid(orderId, Status.PAYMENT_STATUS_AUTHORISED)));
    await expect(authorise(orderId, 'tok_slow')).rejects.toMatchObject({ code: 'PAYMENT_DIFFERS' });
    await expect(authorise(orderId, 'tok_ok', randomUUID(), 1)).rejects.toMatchObject({ code: 'PAYMENT_DIFFERS' });
    expect(await eventsOf(orderId)).toEqual(AUTHORISED);
  });

  it('may be called as the service calls its own', async () => {
    const orderId = randomUUID();
    expect(await authorise(orderId, 'tok_ok', `authorise-${orderId}`)).toMatchObject({ orderId });
    expect(await eventsOf(orderId)).toEqual(AUTHORISED);
  });
});

describe('what a process leaves open that dies', () => {
  const card = 'tok_ok';

  it('before the provider was asked for the authorisation is settled by another', async () => {
    const orderId = randomUUID();
    await leave(orderId, { type: 'AuthorisationRequested', orderId, amount, card });
    await reaches(orderId, Status.PAYMENT_STATUS_AUTHORISED);
    expect(await eventsOf(orderId)).toEqual(AUTHORISED);
    expect(await bookingOf(orderId)).toMatchObject({ status: 'held', authorise_asked: 1 });
  });

  it('is settled by whoever repeats the command, if that comes first', async () => {
    const orderId = randomUUID();
    await leave(orderId, { type: 'AuthorisationRequested', orderId, amount, card });
    expect(await authorise(orderId, card)).toEqual(paid(orderId, Status.PAYMENT_STATUS_AUTHORISED));
    expect(await eventsOf(orderId)).toEqual(AUTHORISED);
  });

  it('between the word of the provider and its record is found out without charging again', async () => {
    const orderId = randomUUID();
    // The first request is done, and its answer never arrives anywhere: as far as can be told, a crash.
    await expect(authorise(orderId, 'tok_timeout_once')).rejects.toMatchObject(timedOut);
    const [a, ...others] = services;
    await Promise.all(others.map((service) => service.stop()));
    services = [...(a === undefined ? [] : [a]), await start('d')];
    await reaches(orderId, Status.PAYMENT_STATUS_AUTHORISED);
    expect(await eventsOf(orderId)).toEqual(AUTHORISED);
    expect(await bookingOf(orderId)).toMatchObject({ status: 'held', authorise_asked: 2 });
  });

  it('is a void that another goes on with', async () => {
    const orderId = randomUUID();
    await leave(orderId, { type: 'AuthorisationRequested', orderId, amount, card }, { type: 'VoidRequested' });
    await reaches(orderId, Status.PAYMENT_STATUS_VOIDED);
    expect(await bookingOf(orderId)).toEqual({
      status: 'given-up',
      authorise_asked: 0,
      capture_asked: 0,
      void_asked: 1,
    });
  });
});

describe('bad input', () => {
  const orderId = '01890000-0000-7000-8000-00000000000a';
  const good = { orderId, amount, card: 'tok_ok' };

  it.each<[string, payments.AuthoriseRequest, string]>([
    ['no order', { ...good, orderId: '' }, 'orderId'],
    ['an order id that is no UUID', { ...good, orderId: 'one' }, 'orderId'],
    ['no amount', { ...good, amount: undefined }, 'amount'],
    ['nothing to pay', { ...good, amount: { ...amount, minorUnits: 0 } }, 'amount.minorUnits'],
    ['a negative amount', { ...good, amount: { ...amount, minorUnits: -5 } }, 'amount.minorUnits'],
    ['an unknown currency', { ...good, amount: { ...amount, currency: 'XXX' } }, 'amount.currency'],
    ['the number of a card', { ...good, card: '4111111111111111' }, 'card'],
  ])('of an authorisation: %s is refused by the name of the field', async (_what, request, field) => {
    const answer = client.authorise(request);
    await expect(answer).rejects.toMatchObject({ kind: 'invalid-argument', violations: [{ field }] });
    expect(await eventsOf(request.orderId)).toEqual([]);
  });

  it('of the other calls is refused by the name of the field', async () => {
    const violation = { kind: 'invalid-argument', violations: [{ field: 'orderId' }] };
    await expect(capture('')).rejects.toMatchObject(violation);
    await expect(voidPayment('one')).rejects.toMatchObject(violation);
    await expect(paymentOf('one')).rejects.toMatchObject(violation);
  });

  it('includes a token that may not read payments, and a word that is for the timers alone', async () => {
    const other = await services[0]?.token(['inventory:read']);
    const forbidden = client.getPayment({ orderId }, other === undefined ? {} : { token: other });
    await expect(forbidden).rejects.toMatchObject({ kind: 'permission-denied' });
    await expect(client.settle({ orderId })).rejects.toMatchObject({ kind: 'unimplemented' });
  });
});
