/**
 * Loaded before every process of a bench, services of the workspace included: tells its CPU time when asked, and ends the
 * process when the bench is gone.
 */
import { type Answer, isQuestion } from '../messages.js';

process.on('message', (message) => {
  if (!isQuestion(message) || message.ask !== 'cpu') return;
  const { user, system } = process.cpuUsage();
  process.send?.({ type: 'cpu', micros: user + system } satisfies Answer);
});
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
