/** Something that goes on until it is told to end. */
export interface Follower {
  follow(signal: AbortSignal, wentWell: () => void): Promise<void>;
}

/**
 * Followers that go on together: when one fails, all end, and it throws what that one threw. It goes well when it does with each
 * of them: one that is well says nothing of another that fails whenever it is begun.
 */
export async function follow(followers: readonly Follower[], signal: AbortSignal, wentWell: () => void): Promise<void> {
  const failure = new AbortController();
  const both = AbortSignal.any([signal, failure.signal]);
  const well = new Set<Follower>();
  const ends = followers.map(async (one) => {
    try {
      await one.follow(both, () => {
        well.add(one);
        if (well.size === followers.length) wentWell();
      });
    } catch (error) {
      failure.abort();
      throw error;
    }
  });
  const outcomes = await Promise.allSettled(ends);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
