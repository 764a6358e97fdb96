import type { Observable } from 'rxjs';

type Event = { readonly value: unknown } | { readonly error: unknown } | 'complete';

/** The largest number of values that wait for a slow reader; an Observable cannot be told to wait. */
const LARGEST_BACKLOG = 1024;

/** Reads an Observable value by value. A reader that stops unsubscribes; one that falls 1,024 values behind gets an error. */
export async function* iterate(source: Observable<unknown>): AsyncGenerator<unknown> {
  const events: Event[] = [];
  let wake: (() => void) | undefined;
  const put = (event: Event): void => {
    events.push(event);
    wake?.();
  };
  const subscription = source.subscribe({
    next: (value) => put(events.length < LARGEST_BACKLOG ? { value } : { error: new Error('the reader is too slow') }),
    error: (error: unknown) => put({ error }),
    complete: () => put('complete'),
  });
  try {
    for (;;) {
      const event = events.shift();
      if (event === undefined) {
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      if (event === 'complete') return;
      if ('error' in event) throw event.error;
      yield event.value;
    }
  } finally {
    subscription.unsubscribe();
  }
}
