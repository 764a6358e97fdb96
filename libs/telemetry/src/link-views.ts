import { monitor } from '@rookery/contracts/messages';

import type { CallTarget } from './call-record.js';

/** One connection of this process to a target instance, as it is now. */
export interface LinkStatus extends CallTarget {
  /** `up`: calls may travel; `suspect`: open, but the other side is silent; `down`: not open, or being opened again. */
  readonly state: 'up' | 'suspect' | 'down';
  /** When the state was entered, in milliseconds since the Unix epoch. */
  readonly since: number;
}

/** Says how the connections of this process are: one for each target it keeps, or has lost within the last minute. */
export interface LinkSource {
  links(): Iterable<LinkStatus>;
}

/** More than any process should have; a report stays below a megabyte. */
const MAX_LINKS = 2000;

const STATES = {
  up: monitor.LinkState.LINK_STATE_UP,
  suspect: monitor.LinkState.LINK_STATE_SUSPECT,
  down: monitor.LinkState.LINK_STATE_DOWN,
} as const;

/** The connections in the shape of the report. */
export function linkViews(source: LinkSource): monitor.LinkView[] {
  const views: monitor.LinkView[] = [];
  for (const link of source.links()) {
    if (views.length === MAX_LINKS) break;
    views.push({
      targetService: link.service,
      targetInstanceId: link.instanceId,
      targetIncarnation: link.incarnation,
      state: STATES[link.state],
      since: new Date(link.since),
    });
  }
  return views;
}
