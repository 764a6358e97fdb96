import type { Sample, Series } from './series.js';

/** Something that can be measured, its processes already running. */
export interface Subject {
  readonly name: string;
  /** Over how many its commands are spread, where that is what tells it from others. */
  readonly grains?: number;
  measure(concurrency: number | undefined, millis: number): Promise<Sample>;
}

export interface RoundPlan {
  readonly concurrencies: readonly (number | undefined)[];
  readonly rounds: number;
  /** How long one measurement lasts. */
  readonly millis: number;
  /** How long each subject runs beforehand, so that its code is compiled. */
  readonly warmUpMillis: number;
}

/**
 * Measures all subjects in turn, A B C … A B C …, so that whatever else the machine does meets all of them. Gives a series
 * for each concurrency and subject, in this order.
 */
export async function runRounds(
  subjects: readonly Subject[],
  plan: RoundPlan,
  onProgress: (text: string) => void,
): Promise<readonly Series[]> {
  const known = plan.concurrencies.filter((concurrency) => concurrency !== undefined);
  const highest = known.length > 0 ? Math.max(...known) : undefined;
  for (const subject of subjects) {
    onProgress(`warm-up: ${subject.name}`);
    await subject.measure(highest, plan.warmUpMillis);
  }
  const all = plan.concurrencies.flatMap((concurrency) =>
    subjects.map((subject) => ({ subject, concurrency, samples: [] as Sample[] })),
  );
  for (let round = 1; round <= plan.rounds; round++) {
    for (const { subject, concurrency, samples } of all) {
      const atOnce = concurrency === undefined ? '' : `, ${concurrency} at once`;
      onProgress(`round ${round} of ${plan.rounds}: ${subject.name}${atOnce}`);
      samples.push(await subject.measure(concurrency, plan.millis));
    }
  }
  return all.map(({ subject: { grains, name }, concurrency, samples }) => ({
    ...{ subject: name, concurrency, samples },
    ...(grains === undefined ? {} : { grains }),
  }));
}
