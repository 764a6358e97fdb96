/**
 * Loaded before a service in a container. There a service is process 1, which hears no signal that it has no handler for:
 * a stop during the first second, while modules are loaded, would be waited for until it is a kill. Whoever listens later
 * takes over.
 */
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  const stop = (): void => process.exit(0);
  process.on(signal, stop);
  const handOver = (event: string | symbol): void => {
    if (event !== signal) return;
    process.off('newListener', handOver);
    // Not now: the new one is not there yet, and without any listener Node stops listening for the signal.
    queueMicrotask(() => process.off(signal, stop));
  };
  process.on('newListener', handOver);
}
