/** Posts the basket to a gateway. Arguments: the URL, and a bearer token or nothing. */
import autocannon from 'autocannon';

import { type Answer, isQuestion, type Load } from '../messages.js';
import { quantile } from '../statistics.js';
import { announce } from './closed-loop.js';
import { BASKET } from './quote.js';

const [url = '', token = ''] = process.argv.slice(2);
const headers = {
  'content-type': 'application/json',
  ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
};
const body = JSON.stringify(BASKET);
const PATIENCE_MS = 10_000;

/** Waits until the gateway has found its provider, and holds its answer against what the others say. */
async function firstAnswer(): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const response = await fetch(url, { method: 'POST', headers, body });
    const text = await response.text();
    if (response.ok && (JSON.parse(text) as { lines: unknown[] }).lines.length === BASKET.lines.length) return;
    if (performance.now() > until) throw new Error(`${url} answers ${response.status}: ${text}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Until so much time has passed, or longer where nothing was answered by then. */
function load(connections: number, millis: number): Promise<Load> {
  const durations: number[] = [];
  let failure: string | undefined;
  const before = process.cpuUsage();
  const startedAt = performance.now();
  const options = { url, method: 'POST' as const, headers, body, connections, pipelining: 1 };
  return new Promise((resolve, reject) => {
    const run = autocannon({ ...options, duration: millis / 1000, sampleInt: 20 }, () => {
      const { user, system } = process.cpuUsage(before);
      const spent = performance.now() - startedAt;
      const sorted = Float64Array.from(durations).sort();
      if (failure !== undefined) return reject(new Error(failure));
      if (sorted.length === 0) return resolve(load(connections, 2 * millis));
      resolve({
        calls: sorted.length,
        millis: spent,
        cpuMicros: user + system,
        p50Millis: quantile(sorted, 0.5),
        p99Millis: quantile(sorted, 0.99),
      });
    });
    run.on('response', (_client, status, _bytes, duration) => {
      durations.push(duration);
      if (status !== 200) failure ??= `a request was answered ${status}`;
    });
    run.on('reqError', (error) => (failure ??= error.message));
  });
}

function tell(answer: Answer): void {
  process.send?.(answer);
}

await firstAnswer();
process.on('message', (message) => {
  if (!isQuestion(message) || message.ask !== 'load') return;
  load(message.concurrency, message.millis).then(
    (seen) => tell({ type: 'load', load: seen }),
    (error: unknown) => tell({ type: 'failed', reason: String(error) }),
  );
});
announce({});
