import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ProviderRequest } from '../../domain/provider-request.js';
import { type Booking, handle, type ProviderAnswer } from './booking.js';

const amount = { currency: 'EUR', minorUnits: 1999 };
const capture: ProviderRequest = { kind: 'capture', key: 'c', authorisationKey: 'a' };
const voiding: ProviderRequest = { kind: 'void', key: 'v', authorisationKey: 'a' };
const authorise = (card: string): ProviderRequest => ({ kind: 'authorise', key: 'a', amount, card });

/** What the provider says to each request, one after the other; the name of something new is its place in this row. */
function conversation(requests: readonly ProviderRequest[]) {
  let booking: Booking | undefined;
  const said = requests.map((request, index) => {
    const handling = handle(booking, request, `ref-${index}`);
    booking = handling.booking;
    return handling.answers;
  });
  return { booking, said };
}

const done: ProviderAnswer = { outcome: 'done', reference: 'ref-0' };
const declined = (reason: string): ProviderAnswer => ({ outcome: 'declined', reason });

describe('the simulated provider', () => {
  it('sets an amount aside once, and takes it once', () => {
    const card = authorise('tok_ok');
    const { booking, said } = conversation([card, card, capture, capture, card]);
    expect(said).toEqual([[done], [done], [done], [done], [done]]);
    expect(booking).toMatchObject({
      status: 'taken',
      reference: 'ref-0',
      asked: { authorise: 3, capture: 2, void: 0 },
    });
  });

  it('does what it is asked also where it says nothing', () => {
    const { booking, said } = conversation([authorise('tok_timeout_once'), authorise('tok_timeout_once'), capture]);
    expect(said).toEqual([[], [done], []]);
    expect(booking?.status).toBe('taken');
    expect(conversation([authorise('tok_timeout'), authorise('tok_timeout'), voiding]).said).toEqual([
      [],
      [],
      [{ outcome: 'given-up' }],
    ]);
  });

  it('says everything twice for a card that wants it so', () => {
    expect(conversation([authorise('tok_duplicate'), capture]).said).toEqual([
      [done, done],
      [done, done],
    ]);
  });

  it('declines what is asked for after it was given up, and what was never set aside', () => {
    expect(conversation([voiding, authorise('tok_ok')]).said[1]).toEqual([declined('given_up')]);
    expect(conversation([authorise('tok_ok'), voiding, capture]).said[2]).toEqual([declined('nothing_authorised')]);
    expect(conversation([authorise('tok_declined'), capture]).said[1]).toEqual([declined('nothing_authorised')]);
    expect(conversation([capture]).said[0]).toEqual([declined('nothing_authorised')]);
  });

  it('does not give up what it has taken', () => {
    expect(() => conversation([authorise('tok_ok'), capture, voiding])).toThrow('has taken the money');
  });

  it('never says one thing and then another to the same request, and never takes what was given up', () => {
    const cards = [
      'tok_ok',
      'tok_declined',
      'tok_capture_declined',
      'tok_timeout_once',
      'tok_duplicate',
      'tok_timeout',
    ];
    const requests = fc.array(fc.constantFrom('authorise', 'capture', 'void'), { maxLength: 12 });
    fc.assert(
      fc.property(fc.constantFrom(...cards), requests, (card, kinds) => {
        // Payments asks for a capture only when it knows that the amount is set aside, and for nothing else behind it.
        const settled = kinds.includes('capture')
          ? ['authorise', 'authorise', ...kinds.filter((kind) => kind !== 'void')]
          : kinds;
        const made = { authorise: authorise(card), capture, void: voiding };
        const { booking, said } = conversation(settled.map((kind) => made[kind as keyof typeof made]));
        for (const kind of Object.keys(made)) {
          const answers = said.filter((_answer, index) => settled[index] === kind).flat();
          expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBeLessThanOrEqual(1);
        }
        if (kinds.includes('void') && !kinds.includes('capture')) expect(booking?.status).toBe('given-up');
      }),
    );
  });
});
