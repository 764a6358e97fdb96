import { availableIn, type Books } from './books.js';

/** The sentences that are not true of a sale; none when everything adds up. */
export function audit(books: Books, units: number, accepted: ReadonlySet<string>): readonly string[] {
  const ends = [...books.orders];
  const confirmed = ends.filter(([, end]) => end.confirmed > 0).map(([id]) => id);
  const available = availableIn(books);
  return [
    ...unless(books.received === units, `${books.received} units were received instead of ${units}`),
    ...unless(available >= 0, `${-available} units more were sold or reserved than there were`),
    ...unless(books.reserved === 0, `${books.reserved} units are still reserved`),
    ...unless(books.sold === units, `${books.sold} of ${units} units were sold`),
    ...unless(
      books.sold === confirmed.length,
      `${books.sold} units were sold for ${confirmed.length} confirmed orders`,
    ),
    ...missing(
      [...accepted].filter((id) => !books.orders.has(id)),
      'was accepted and is not in the database',
    ),
    ...missing(
      ends.filter(([, end]) => end.confirmed + end.cancelled === 0).map(([id]) => id),
      'has not ended',
    ),
    ...missing(
      ends.filter(([, end]) => end.confirmed + end.cancelled > 1).map(([id]) => id),
      'has ended more than once',
    ),
    ...payments(books.captured, confirmed),
  ];
}

function payments(captured: readonly string[], confirmed: readonly string[]): readonly string[] {
  const paid = new Set(captured);
  const sold = new Set(confirmed);
  return [
    ...unless(paid.size === captured.length, `${captured.length - paid.size} payments were captured more than once`),
    ...missing(
      confirmed.filter((id) => !paid.has(id)),
      'is confirmed and not paid',
    ),
    ...missing(
      captured.filter((id) => !sold.has(id)),
      'is paid and not confirmed',
    ),
  ];
}

function unless(isTrue: boolean, sentence: string): readonly string[] {
  return isTrue ? [] : [sentence];
}

function missing(ids: readonly string[], what: string): readonly string[] {
  return ids.length === 0 ? [] : [`${ids.length} orders: ${what}, such as ${ids.slice(0, 3).join(', ')}`];
}
