import { type Cost, ratioOf, type Row, rowOf, type Sample, type Series, type Spread, spreadOf } from './series.js';
import { median } from './statistics.js';

/** The series as a table for people; ratios are against the subject `reference` at the same concurrency. */
export function resultTable(bench: string, all: readonly Series[], reference: string, cost: Cost): string {
  const columns = columnsOf(all, cost);
  const head = ['subject', ...columns.map(({ head: title }) => title), `x ${reference} (range)`];
  const lines = all.map((series) => {
    const row = rowOf(bench, series);
    const own = all.find((other) => other.subject === reference && other.concurrency === series.concurrency);
    const ratio = own === undefined || own === series ? '' : ratioText(ratioOf(series, own, cost));
    return [row.subject, ...columns.map(({ cell }) => cell(row, series)), ratio];
  });
  return aligned([head, ...lines]);
}

interface Column {
  readonly head: string;
  readonly cell: (row: Row, series: Series) => string;
}

/** Those that the series have something to say in. */
function columnsOf(all: readonly Series[], cost: Cost): readonly Column[] {
  const sample = all[0]?.samples[0];
  const has = (figure: keyof Sample): boolean => sample?.[figure] !== undefined;
  const when = (isWanted: boolean, column: Column): readonly Column[] => (isWanted ? [column] : []);
  return [
    ...when(
      all.some(({ concurrency }) => concurrency !== undefined),
      { head: 'at once', cell: ({ concurrency }) => String(concurrency) },
    ),
    ...when(
      all.some(({ grains }) => grains !== undefined),
      { head: 'grains', cell: ({ grains = '' }) => String(grains) },
    ),
    { head: 'per second', cell: ({ perSecond }) => String(perSecond) },
    ...when(cost === 'time', { head: 'range', cell: (_row, { samples }) => rangeText(samples) }),
    { head: 'CPU µs', cell: ({ cpuMicros }) => microsText(cpuMicros) },
    ...Object.keys(sample?.parts ?? {}).map((part) => ({
      head: part,
      cell: (_row: Row, { samples }: Series) => microsText(median(samples.map(({ parts }) => parts[part] ?? NaN))),
    })),
    ...when(has('p50Millis'), { head: 'p50 ms', cell: ({ p50Millis = NaN }) => p50Millis.toFixed(2) }),
    ...when(has('p99Millis'), { head: 'p99 ms', cell: ({ p99Millis = NaN }) => p99Millis.toFixed(2) }),
    ...when(has('bytesPerActor'), { head: 'bytes each', cell: ({ bytesPerActor }) => String(bytesPerActor) }),
  ];
}

/** An actor's message takes a fraction of what a call takes. */
function microsText(micros: number): string {
  return micros.toFixed(micros < 5 ? 3 : 1);
}

function rangeText(samples: readonly Sample[]): string {
  const { lowest, highest } = spreadOf(samples.map(({ perSecond }) => perSecond));
  return `${lowest.toFixed(0)}–${highest.toFixed(0)}`;
}

function ratioText({ lowest, median: middle, highest }: Spread): string {
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
