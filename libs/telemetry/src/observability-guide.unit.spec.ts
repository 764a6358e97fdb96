import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';
import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';

import { createTelemetry } from './telemetry.js';

const GUIDE = new URL('../../../docs/guides/observability.md', import.meta.url);

interface Row {
  readonly name: string;
  readonly type: string;
  readonly labels: string;
  readonly help: string;
}

/** What /metrics says of each metric after a call on both sides; `le` belongs to every histogram and isn't named. */
function rowsOf(scrape: string): Row[] {
  const help = new Map([...scrape.matchAll(/^# HELP (\S+) (.*)$/gm)].map(([, name = '', text = '']) => [name, text]));
  return [...scrape.matchAll(/^# TYPE (\S+) (\S+)\n\w+(?:\{(.*)\})? /gm)].map(
    ([, name = '', type = '', labels = '']) => ({
      name,
      type,
      labels: [...labels.matchAll(/(\w+)="/g)]
        .map(([, label = '']) => label)
        .filter((label) => label !== 'le')
        .join(', '),
      help: help.get(name) ?? '',
    }),
  );
}

/** The table of metrics in the guide. */
function documentedRows(guide: string): Row[] {
  return [...guide.matchAll(/^\| `((?:rookery|process)_\w+)` +\|(.*)\|(.*)\|(.*)\|$/gm)].map(
    ([, name = '', type = '', labels = '', help = '']) => ({
      name,
      type: type.trim(),
      labels: labels.replaceAll('`', '').trim(),
      help: help.trim(),
    }),
  );
}

async function scrapeAfterOneCall(): Promise<string> {
  const time = new VirtualTime();
  const { calls, metrics, stop } = createTelemetry({
    identity: { service: 'pricing', instanceId: 'pricing-1', incarnation: 'i-1', version: '1.0.0' },
    clock: time.clock,
    scheduler: time,
    random: new SeededRandom(1),
    logLevel: 'silent',
  });
  const record = { method: '/p.S/M', code: 0, durationMs: 1, transport: 'link', isStream: false } as const;
  const target = { service: 'monitor', instanceId: 'monitor-1', incarnation: 'i-2' };
  calls.connectionChanged(target, 'ready');
  calls.callerEnded({ ...record, target });
  calls.calleeEnded(record);
  const scrape = await metrics.render();
  await stop(0);
  return scrape;
}

describe('docs/guides/observability.md', () => {
  it('lists every metric with its type, labels and help text as /metrics has them', async () => {
    const rows = rowsOf(await scrapeAfterOneCall());
    expect(rows.length).toBeGreaterThan(15);
    expect(documentedRows(readFileSync(GUIDE, 'utf8'))).toEqual(rows);
  });
});
