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
    const stop = (): void => reject(signal.reason as Interruption);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
  return Promise.race([aborted, work]);
}
