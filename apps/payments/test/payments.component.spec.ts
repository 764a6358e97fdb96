import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { payments } from '@rookery/contracts/messages';
import { amount, paid, RunningPayments } from './running-payments.js';

const { PaymentStatus: Status } = payments;
const AUTHORISED = ['AuthorisationRequested', 'PaymentAuthorised'];
const CAPTURED = [...AUTHORISED, 'CaptureRequested', 'PaymentCaptured'];

let service: RunningPayments;

beforeAll(async () => {
  service = await RunningPayments.start();
});

afterAll(() => service.stop());

describe('a payment', () => {
  it.each(['tok_ok', 'tok_slow', 'tok_duplicate'])('with %s is authorised and captured, once', async (card) => {
    const orderId = randomUUID();
    expect(await service.authorise(orderId, card)).toEqual(paid(orderId, Status.PAYMENT_STATUS_AUTHORISED));
    expect(await service.capture(orderId)).toEqual(paid(orderId, Status.PAYMENT_STATUS_CAPTURED));
    expect(await service.paymentOf(orderId)).toEqual(paid(orderId, Status.PAYMENT_STATUS_CAPTURED));
    expect(await service.eventsOf(orderId)).toEqual(CAPTURED);
    expect(await service.bookingOf(orderId)).toEqual({
      status: 'taken',
      authorise_asked: 1,
      capture_asked: 1,
      void_asked: 0,
    });
  });

  it.each([
    ['tok_declined', 'declined'],
    ['tok_insufficient_funds', 'insufficient_funds'],
    ['tok_of_nobody', 'unknown_card'],
  ])('with %s is declined, for good', async (card, reason) => {
    const orderId = randomUUID();
    const declined = paid(orderId, Status.PAYMENT_STATUS_DECLINED, reason);
    expect(await service.authorise(orderId, card)).toEqual(declined);
    expect(await service.authorise(orderId, card)).toEqual(declined);
    await expect(service.capture(orderId)).rejects.toMatchObject({ code: 'PAYMENT_NOT_AUTHORISED' });
    expect(await service.void(orderId)).toEqual(declined);
    expect(await service.bookingOf(orderId)).toMatchObject({ status: 'declined', authorise_asked: 1, void_asked: 0 });
  });

  it('whose capture is declined stays so, and is voided', async () => {
    const orderId = randomUUID();
    await service.authorise(orderId, 'tok_capture_declined');
    const declined = paid(orderId, Status.PAYMENT_STATUS_CAPTURE_DECLINED, 'capture_declined');
    const key = randomUUID();
    expect(await service.capture(orderId, key)).toEqual(declined);
    expect(await service.capture(orderId)).toEqual(declined);
    expect(await service.void(orderId)).toMatchObject({ status: Status.PAYMENT_STATUS_VOIDED });
    expect(await service.capture(orderId, key)).toEqual(declined);
    await expect(service.capture(orderId)).rejects.toMatchObject({ code: 'PAYMENT_VOIDED' });
    expect(await service.bookingOf(orderId)).toEqual({
      status: 'given-up',
      authorise_asked: 1,
      capture_asked: 1,
      void_asked: 1,
    });
  });

  it('that is voided before it comes is refused when it comes', async () => {
    const orderId = randomUUID();
    const forestalled = { orderId, status: Status.PAYMENT_STATUS_VOIDED, amount: undefined, declineReason: '' };
    expect(await service.void(orderId)).toEqual(forestalled);
    await expect(service.authorise(orderId, 'tok_ok')).rejects.toMatchObject({ code: 'PAYMENT_VOIDED' });
    expect(await service.paymentOf(orderId)).toEqual(forestalled);
    expect(await service.bookingOf(orderId)).toBeUndefined();
  });

  it('that was captured is not voided', async () => {
    const orderId = randomUUID();
    await service.authorise(orderId, 'tok_ok');
    await service.capture(orderId);
    await expect(service.void(orderId)).rejects.toMatchObject({ code: 'PAYMENT_CAPTURED' });
    expect(await service.bookingOf(orderId)).toMatchObject({ status: 'taken', void_asked: 0 });
  });

  it('nobody asked for is not found', async () => {
    await expect(service.paymentOf(randomUUID())).rejects.toMatchObject({
      code: 'PAYMENT_NOT_FOUND',
      kind: 'not-found',
    });
  });
});

describe('a command that is repeated', () => {
  it('a hundred times at once is done once, and is answered alike then, when it is captured and after a restart', async () => {
    const orderId = randomUUID();
    const key = randomUUID();
    const first = paid(orderId, Status.PAYMENT_STATUS_AUTHORISED);
    const answers = await Promise.all(Array.from({ length: 100 }, () => service.authorise(orderId, 'tok_ok', key)));
    expect(answers).toEqual(Array.from({ length: 100 }, () => first));
    expect(await service.eventsOf(orderId)).toEqual(AUTHORISED);
    expect(await service.bookingOf(orderId)).toMatchObject({ status: 'held', authorise_asked: 1 });

    await Promise.all(Array.from({ length: 100 }, () => service.capture(orderId, 'one-capture')));
    expect(await service.authorise(orderId, 'tok_ok', key)).toEqual(first);
    await service.replaceCopy();
    expect(await service.authorise(orderId, 'tok_ok', key)).toEqual(first);
    await expect(service.authorise(orderId, 'tok_ok', key, 1)).rejects.toMatchObject({ code: 'COMMAND_ID_REUSED' });
    expect(await service.eventsOf(orderId)).toEqual(CAPTURED);
    expect(await service.bookingOf(orderId)).toEqual({
      status: 'taken',
      authorise_asked: 1,
      capture_asked: 1,
      void_asked: 0,
    });
  });

  it('under other ids is the same payment, as long as it is for the same amount with the same card', async () => {
    const orderId = randomUUID();
    const answers = await Promise.all(Array.from({ length: 20 }, () => service.authorise(orderId, 'tok_ok')));
    expect(answers).toEqual(Array.from({ length: 20 }, () => paid(orderId, Status.PAYMENT_STATUS_AUTHORISED)));
    await expect(service.authorise(orderId, 'tok_slow')).rejects.toMatchObject({ code: 'PAYMENT_DIFFERS' });
    await expect(service.authorise(orderId, 'tok_ok', randomUUID(), 1)).rejects.toMatchObject({
      code: 'PAYMENT_DIFFERS',
    });
    expect(await service.eventsOf(orderId)).toEqual(AUTHORISED);
  });

  it('may be called as the service calls its own', async () => {
    const orderId = randomUUID();
    expect(await service.authorise(orderId, 'tok_ok', `authorise-${orderId}`)).toMatchObject({ orderId });
    expect(await service.eventsOf(orderId)).toEqual(AUTHORISED);
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
    const answer = service.client.authorise(request);
    await expect(answer).rejects.toMatchObject({ kind: 'invalid-argument', violations: [{ field }] });
    expect(await service.eventsOf(request.orderId)).toEqual([]);
  });

  it('of the other calls is refused by the name of the field', async () => {
    const violation = { kind: 'invalid-argument', violations: [{ field: 'orderId' }] };
    await expect(service.capture('')).rejects.toMatchObject(violation);
    await expect(service.void('one')).rejects.toMatchObject(violation);
    await expect(service.paymentOf('one')).rejects.toMatchObject(violation);
  });

  it('includes a token that may not read payments, and a word that is for the timers alone', async () => {
    const forbidden = service.client.getPayment({ orderId }, { token: await service.token('inventory:read') });
    await expect(forbidden).rejects.toMatchObject({ kind: 'permission-denied' });
    await expect(service.client.settle({ orderId })).rejects.toMatchObject({ kind: 'unimplemented' });
    await expect(service.client.giveUp({ orderId })).rejects.toMatchObject({ kind: 'unimplemented' });
  });
});
