import { beforeEach, describe, expect, it } from '@jest/globals';
import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';
import { PaymentsConfig } from '../../app.config.js';
import type { AuthorisationRequest } from '../domain/provider-request.js';
import type { Booking } from './provider-simulation/booking.js';
import type { BookingStore, StoredBooking } from './provider-simulation/booking.store.js';
import { SimulatedProvider } from './provider-simulation/simulated-provider.js';
import { SimulatedProviderClient } from './simulated-provider.client.js';

const TIMEOUT_MS = 2000;
const amount = { currency: 'EUR', minorUnits: 1999 };
const voiding = { kind: 'void', key: 'v', authorisationKey: 'a' } as const;
const approved = { isApproved: true, reference: expect.any(String) };
const authorise = (card: string): AuthorisationRequest => ({ kind: 'authorise', key: 'a', amount, card });

/** A book in memory; each save is slow enough that somebody can come in between. */
class MemoryBook implements Pick<BookingStore, 'find' | 'save'> {
  readonly kept = new Map<string, StoredBooking>();
  /** What stops the next save. */
  failure: Error | undefined;

  find(key: string): Promise<StoredBooking | undefined> {
    return Promise.resolve(this.kept.get(key));
  }

  async save(booking: Booking, found: StoredBooking | undefined): Promise<boolean> {
    await Promise.resolve();
    const { failure } = this;
    this.failure = undefined;
    if (failure !== undefined) throw failure;
    if (this.kept.get(booking.key)?.version !== found?.version) return false;
    this.kept.set(booking.key, { booking, version: (found?.version ?? 0) + 1 });
    return true;
  }
}

let time: VirtualTime;
let book: MemoryBook;
let client: SimulatedProviderClient;

beforeEach(() => {
  time = new VirtualTime();
  book = new MemoryBook();
  client = clientOf(book);
});

/** Another one speaks with the same provider, as another process would. */
function clientOf(bookings: MemoryBook): SimulatedProviderClient {
  const config = new PaymentsConfig({
    ...{ DATABASE_URL: 'postgres://nobody@localhost/none', DATABASE_CONNECTIONS: 2, COMMAND_ANSWER_HOURS: 1 },
    ...{
      PROVIDER_TIMEOUT_MS: TIMEOUT_MS,
      PROVIDER_LATENCY_MS: 20,
      ASK_AGAIN_MS: 5000,
      AUTHORISATION_PATIENCE_MS: 600_000,
    },
  });
  const store = bookings as unknown as BookingStore;
  return new SimulatedProviderClient(new SimulatedProvider(store, new SeededRandom(1), time, config), time, config);
}

async function after<T>(ms: number, answer: Promise<T>): Promise<PromiseSettledResult<T>> {
  const settled = Promise.allSettled([answer]);
  await time.advanceAsync(ms);
  return (await settled)[0];
}

const askedFor = (kind: 'authorise' | 'void') => book.kept.get('a')?.booking.asked[kind];

describe('whoever asks the provider', () => {
  it('hears it at once, or late in time', async () => {
    expect(await after(30, client.authorise(authorise('tok_ok')))).toMatchObject({ value: approved });
    expect(await after(30, client.void(voiding))).toMatchObject({ status: 'fulfilled' });
    const slow = clientOf((book = new MemoryBook()));
    expect(await after(TIMEOUT_MS / 2, slow.authorise(authorise('tok_slow')))).toMatchObject({ value: approved });
  });

  it('hears a doubled answer once, and another with the same key the same', async () => {
    const both = Promise.all([
      client.authorise(authorise('tok_duplicate')),
      client.authorise(authorise('tok_duplicate')),
    ]);
    const outcome = await after(30, both);
    if (outcome.status === 'rejected') throw outcome.reason;
    expect(outcome.value[0]).toEqual(approved);
    expect(outcome.value[1]).toEqual(outcome.value[0]);
    expect(book.kept.get('a')?.booking.status).toBe('held');
  });

  it('in vain is told so in time, and asks anew when asked again', async () => {
    const refusal = { reason: { code: 'PROVIDER_TIMED_OUT', kind: 'unavailable' } };
    expect(await after(TIMEOUT_MS, client.authorise(authorise('tok_timeout_once')))).toMatchObject(refusal);
    expect(await after(30, client.authorise(authorise('tok_timeout_once')))).toMatchObject({ value: approved });
    expect(askedFor('authorise')).toBe(2);
    expect(time.pending).toBe(0);
  });

  it('hears why the provider cannot be reached', async () => {
    const failure = new Error('no way there');
    book.failure = failure;
    expect(await after(30, client.authorise(authorise('tok_ok')))).toMatchObject({ reason: failure });
    expect(await after(30, client.authorise(authorise('tok_ok')))).toMatchObject({ value: approved });
  });

  it('to set aside and to give up at once gets both answers, and nothing is set aside in the end', async () => {
    const both = Promise.all([client.authorise(authorise('tok_ok')), clientOf(book).void(voiding)]);
    expect(await after(60, both)).toMatchObject({ status: 'fulfilled' });
    expect(book.kept.get('a')?.booking).toMatchObject({ status: 'given-up', asked: { authorise: 1, void: 1 } });
  });
});
