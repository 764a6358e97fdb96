/** Somebody wants the sale to end before it is over. */
export class Interruption extends Error {
  constructor() {
    super('interrupted: nothing was audited');
  }
}

/** Aborted by the first Ctrl-C, SIGTERM or end of the terminal; the next one ends the process at once. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => controller.abort(new Interruption()));
  }
  return controller.signal;
}

/** What the work comes to, or the reason of the abort, whichever is first. */
export async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Interruption), { once: true });
  });
  return Promise.race([work, aborted]);
}
