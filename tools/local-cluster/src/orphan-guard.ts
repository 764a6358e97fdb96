/**
 * Loaded before a process of the local cluster. When the supervisor is gone, however it ended, the channel to it closes:
 * then this process stops in its own order, and is ended if that takes too long.
 */
const LIMIT_MS = 3000;

process.once('disconnect', () => {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), LIMIT_MS).unref();
  process.kill(process.pid, 'SIGTERM');
});
// The channel is there to be watched, not to keep the process alive.
process.channel?.unref();
