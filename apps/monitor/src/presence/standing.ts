import type { Reporter } from '../traffic/reporter.js';
import type { Listing } from './listings.js';

/**
 * - `reporting`: its last report is recent.
 * - `silent`: it reported, stopped without goodbye, and nothing has taken its place.
 * - `replaced`: silent, and another instance of the service has come since.
 * - `gone`: silent for so long that nobody waits for it.
 * - `left`: it said goodbye, or went on reporting after it had deregistered.
 * - `not-reporting`: the registry lists it and it never reported, such as a provider that Rookery did not build.
 */
export type Standing = 'reporting' | 'silent' | 'replaced' | 'gone' | 'left' | 'not-reporting';

/** Reports come each second: three missing ones are a silence. */
export const SILENCE_MS = 3000;
/** After this time a silent instance is no longer expected back. */
export const GONE_MS = 10 * 60_000;
/** A process that still reports after it was taken from the registry is stopping; stops take at most this long. */
const STOP_MS = 60_000;

export function standingOf(reporter: Reporter | undefined, listing: Listing | undefined, at: number): Standing {
  if (reporter === undefined) return 'not-reporting';
  if (reporter.isFinal) return 'left';
  const silentMs = at - reporter.lastReportAt;
  if (silentMs <= SILENCE_MS) return 'reporting';
  if (leftWithoutGoodbye(reporter, listing)) return 'left';
  return silentMs > GONE_MS ? 'gone' : 'silent';
}

/** A killed process is silent first and unlisted later; one that stops in order is unlisted first and reports on. */
function leftWithoutGoodbye({ lastReportAt }: Reporter, listing: Listing | undefined): boolean {
  if (listing?.unlistedAt === undefined) return false;
  const reportedOnMs = lastReportAt - listing.unlistedAt;
  return reportedOnMs > 0 && reportedOnMs <= STOP_MS;
}
