import { ratioOf, type Ratio, rowOf, type Series } from './series.js';
import { median } from './statistics.js';

/** The series as a table for people; ratios are against the subject `reference` at the same concurrency. */
export function resultTable(bench: string, all: readonly Series[], reference: string): string {
  const parts = Object.keys(all[0]?.samples[0]?.parts ?? {});
  const head = ['subject', 'at once', 'per second', 'CPU µs', ...parts, 'p50 ms', 'p99 ms', `x ${reference} (range)`];
  const lines = all.map((series) => {
    const row = rowOf(bench, series);
    const own = all.find((other) => other.subject === reference && other.concurrency === series.concurrency);
    return [
      row.subject,
      String(row.concurrency),
      String(row.perSecond),
      row.cpuMicros.toFixed(1),
      ...parts.map((part) => median(series.samples.map((sample) => sample.parts[part] ?? NaN)).toFixed(1)),
      row.p50Millis.toFixed(2),
      row.p99Millis.toFixed(2),
      own === undefined || own === series ? '' : ratioText(ratioOf(series, own)),
    ];
  });
  return aligned([head, ...lines]);
}

function ratioText({ lowest, median: middle, highest }: Ratio): string {
  return `${middle.toFixed(2)} (${lowest.toFixed(2)}–${highest.toFixed(2)})`;
}

/** Columns by their widest cell; the first to the left, all others to the right. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))),
  );
  return lines.map((line) => line.join('  ').trimEnd()).join('\n');
}
