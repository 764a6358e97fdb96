import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type BalancerName, balancerNames } from '../src/balancing/create-balancer.js';
import { type Behaviour, failing, SimulatedTraffic, stalled } from './simulated-traffic.js';

const GUIDE = new URL('../../../docs/guides/balancing.md', import.meta.url);
const SEEDS = [1, 2, 3];
const BEHAVIOURS: readonly (readonly [string, Behaviour])[] = [
  ['fails in 1 ms, every call', failing(14)],
  ['fails in 1 ms, every fourth call', { ...failing(14), callShare: 0.25 }],
  ['times out after 1 s', { code: 4, fromMs: 1000, toMs: 1000 }],
  ['never answers', stalled],
  ['answers in 50–150 ms', { code: 0, fromMs: 50, toMs: 150 }],
  ['answers NOT_FOUND in 1 ms', failing(5)],
  ['answers OK in 1 ms', { code: 0, fromMs: 1, toMs: 1 }],
];

/** Percent of the calls that reach the instance `i0` among `size`, from 10 s after it changed and for 60 s. */
function percent(name: BalancerName, size: number, behaviour: Behaviour): string {
  const shares = SEEDS.map((seed) => {
    const traffic = new SimulatedTraffic(name, seed);
    traffic.addSteady(size);
    traffic.run(10_000);
    traffic.set('i0', behaviour);
    traffic.run(10_000);
    return traffic.run(60_000).share('i0');
  });
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  return `${(mean * 100).toFixed(1)} %`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

/** Cells of a Markdown table are compared, not the padding that a formatter gives them. */
function unpadded(markdown: string): string {
  return markdown.replace(/ +\|/g, ' |').replace(/-{3,}/g, '---');
}

describe('docs/guides/balancing.md', () => {
  const guide = unpadded(readFileSync(GUIDE, 'utf8'));

  it('shows what one failing instance gets, as it is', () => {
    const sizes = [2, 3, 5, 10];
    const rows = balancerNames.map((name) => [`\`${name}\``, ...sizes.map((size) => percent(name, size, failing(14)))]);
    expect(guide).toContain(table(['balancer', ...sizes.map((size) => `${size} instances`)], rows));
  });

  it('shows what one unlike the others gets among three, as it is', () => {
    const rows = BEHAVIOURS.map(([title, how]) => [title, ...balancerNames.map((name) => percent(name, 3, how))]);
    expect(guide).toContain(table(['one of three', ...balancerNames.map((name) => `\`${name}\``)], rows));
  });
});
