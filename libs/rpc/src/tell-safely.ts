/**
 * Runs what others hung in (listeners, observers, callbacks of a call) so that an error of theirs ends nothing of ours. It
 * becomes a process warning, because nobody here can handle it and nobody may miss it.
 */
export function tellSafely(tell: () => void): void {
  try {
    tell();
  } catch (error) {
    warn(error);
  }
}

/** Makes a process warning of an error that was thrown where nothing may be thrown. */
export function warn(error: unknown): void {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  process.emitWarning(message, { type: 'RookeryRpcWarning', ...(stack === undefined ? {} : { detail: stack }) });
}
