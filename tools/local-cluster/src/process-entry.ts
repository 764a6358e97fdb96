/** Ends this process with one line that a person can act on. */
export function exitWithProblem(who: string, error: unknown): never {
  process.stderr.write(`${who}: ${describeProblem(error)}\n`);
  process.exit(1);
}

function describeProblem(error: unknown): string {
  const { code, port, address, message } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  if (code === 'EADDRINUSE') return `port ${port} of ${address} is in use by another process`;
  if (code === 'EACCES' && port !== undefined) return `port ${port} may not be bound by this user`;
  return message;
}

/** Runs `close` on SIGTERM or SIGINT and then exits. */
export function whenToldToStop(close: () => Promise<void>): void {
  const stop = (): void => {
    close().then(
      () => process.exit(0),
      (error: unknown) => exitWithProblem('stop', error),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}
