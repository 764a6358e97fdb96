import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { payments } from '@rookery/contracts/messages';
import { until } from '@rookery/testkit';
import { amount, paid, RunningPayments } from './running-payments.js';

const { PaymentStatus: Status } = payments;
const AUTHORISED = ['AuthorisationRequested', 'PaymentAuthorised'];
const CAPTURED = [...AUTHORISED, 'CaptureRequested', 'PaymentCaptured'];

const timedOut = { code: 'PROVIDER_TIMED_OUT', kind: 'unavailable' };

let service: RunningPayments;
/** Asks the provider again by itself. */
let asking: RunningPayments;

beforeAll(async () => {
  service = await RunningPayments.start();
  asking = await RunningPayments.start({ ASK_AGAIN_MS: '2500' });
});

afterAll(async () => {
  await service.stop();
  await asking.stop();
});

describe('a provider that does not answer', () => {
  it('leaves it open, and the repeat of the command hears what it did', async () => {
    const orderId = randomUUID();
    const [first, second] = [randomUUID(), randomUUID()];
    await expect(service.authorise(orderId, 'tok_timeout_once', first)).rejects.toMatchObject(timedOut);
    expect(await service.paymentOf(orderId)).toEqual(paid(orderId, Status.PAYMENT_STATUS_AUTHORISING));
    expect(await service.authorise(orderId, 'tok_timeout_once', first)).toEqual(
      paid(orderId, Status.PAYMENT_STATUS_AUTHORISED),
    );
    await expect(service.capture(orderId, second)).rejects.toMatchObject(timedOut);
    await expect(service.void(orderId)).rejects.toMatchObject({ code: 'PAYMENT_CAPTURED' });
    expect(await service.capture(orderId, second)).toEqual(paid(orderId, Status.PAYMENT_STATUS_CAPTURED));
    expect(await service.eventsOf(orderId)).toEqual(CAPTURED);
    expect(await service.bookingOf(orderId)).toEqual({
      status: 'taken',
      authorise_asked: 2,
      capture_asked: 2,
      void_asked: 0,
    });
  });

  it('is asked again when nobody comes back for the answer', async () => {
    const orderId = randomUUID();
    await asking.authorise(orderId, 'tok_capture_timeout_once');
    await expect(asking.capture(orderId)).rejects.toMatchObject(timedOut);
    await asking.reaches(orderId, Status.PAYMENT_STATUS_CAPTURED);
    expect(await asking.eventsOf(orderId)).toEqual(CAPTURED);
    const booking = await asking.bookingOf(orderId);
    expect(booking?.status).toBe('taken');
    expect(booking?.capture_asked).toBeGreaterThan(1);
  });

  it('ever is told to give it up', async () => {
    const orderId = randomUUID();
    const key = randomUUID();
    await expect(service.authorise(orderId, 'tok_timeout', key)).rejects.toMatchObject(timedOut);
    const [late, voided] = await Promise.allSettled([
      service.authorise(orderId, 'tok_timeout', key),
      service.void(orderId),
    ]);
    expect(voided).toMatchObject({ value: paid(orderId, Status.PAYMENT_STATUS_VOIDED) });
    expect(late).toMatchObject({ status: 'rejected' });
    await expect(service.authorise(orderId, 'tok_timeout', key)).rejects.toMatchObject({ code: 'PAYMENT_VOIDED' });
    expect(await service.eventsOf(orderId)).toEqual(['AuthorisationRequested', 'VoidRequested', 'PaymentVoided']);
    expect(await service.bookingOf(orderId)).toMatchObject({ status: 'given-up', void_asked: 1 });
  });

  it('in the time that a caller has keeps that caller no longer, and its answer is recorded when it comes', async () => {
    const orderId = randomUUID();
    await service.authorise(orderId, 'tok_slow');
    const hasty = () => service.client.capture({ orderId }, { timeoutMs: 200 });
    // A slow card takes a second. Who waits for the store hears a moment earlier that it is not available.
    const kind: unknown = expect.stringMatching(/^(deadline-exceeded|unavailable)$/);
    await expect(hasty()).rejects.toMatchObject({ kind });
    await until('the payment is captured', async () => {
      await Promise.allSettled([hasty()]);
      return (await service.paymentOf(orderId))?.status === Status.PAYMENT_STATUS_CAPTURED;
    });
    expect(await service.eventsOf(orderId)).toEqual(CAPTURED);
    expect(await service.bookingOf(orderId)).toMatchObject({ status: 'taken' });
  });
});

describe('what a process leaves open that dies', () => {
  const card = 'tok_ok';

  it('before the provider was asked for the authorisation is settled by another', async () => {
    const orderId = randomUUID();
    await asking.leave(orderId, { type: 'AuthorisationRequested', orderId, amount, card });
    await asking.reaches(orderId, Status.PAYMENT_STATUS_AUTHORISED);
    expect(await asking.eventsOf(orderId)).toEqual(AUTHORISED);
    expect(await asking.bookingOf(orderId)).toMatchObject({ status: 'held', authorise_asked: 1 });
  });

  it('is settled by whoever repeats the command, if that comes first', async () => {
    const orderId = randomUUID();
    await service.leave(orderId, { type: 'AuthorisationRequested', orderId, amount, card });
    expect(await service.authorise(orderId, card)).toEqual(paid(orderId, Status.PAYMENT_STATUS_AUTHORISED));
    expect(await service.eventsOf(orderId)).toEqual(AUTHORISED);
  });

  it('between the word of the provider and its record is found out without charging again', async () => {
    const orderId = randomUUID();
    // The first request is done, and its answer never arrives anywhere: as far as can be told, a crash.
    await expect(asking.authorise(orderId, 'tok_timeout_once')).rejects.toMatchObject(timedOut);
    await asking.replaceCopy();
    await asking.reaches(orderId, Status.PAYMENT_STATUS_AUTHORISED);
    expect(await asking.eventsOf(orderId)).toEqual(AUTHORISED);
    expect(await asking.bookingOf(orderId)).toMatchObject({ status: 'held', authorise_asked: 2 });
  });

  it('is a void that another goes on with', async () => {
    const orderId = randomUUID();
    await asking.leave(orderId, { type: 'AuthorisationRequested', orderId, amount, card }, { type: 'VoidRequested' });
    await asking.reaches(orderId, Status.PAYMENT_STATUS_VOIDED);
    expect(await asking.bookingOf(orderId)).toEqual({
      status: 'given-up',
      authorise_asked: 0,
      capture_asked: 0,
      void_asked: 1,
    });
  });
});

describe('what nobody voids and the provider never answers', () => {
  let impatient: RunningPayments;

  beforeAll(async () => {
    impatient = await RunningPayments.start({ ASK_AGAIN_MS: '200', AUTHORISATION_PATIENCE_MS: '5000' });
  });

  afterAll(() => impatient.stop());

  it('is given up after a while, for good', async () => {
    const orderId = randomUUID();
    await expect(impatient.authorise(orderId, 'tok_timeout')).rejects.toMatchObject(timedOut);
    await impatient.reaches(orderId, Status.PAYMENT_STATUS_VOIDED);
    expect(await impatient.eventsOf(orderId)).toEqual(['AuthorisationRequested', 'VoidRequested', 'PaymentVoided']);
    expect(await impatient.bookingOf(orderId)).toMatchObject({ status: 'given-up', void_asked: 1 });
    await expect(impatient.authorise(orderId, 'tok_timeout')).rejects.toMatchObject({ code: 'PAYMENT_VOIDED' });
  });
});
