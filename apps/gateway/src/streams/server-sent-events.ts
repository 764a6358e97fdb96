import type { IncomingHttpHeaders } from 'node:http';

import type { StreamFormat } from './stream-format.js';

/** The id of what no client should come back after. */
const LAST_ID = 'end';

/**
 * Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). JSON text has no line breaks, so
 * each event needs one line of data.
 */
export const serverSentEvents: StreamFormat = {
  type: 'text/event-stream',
  beat: ':\n\n',
  end: `id: ${LAST_ID}\nevent: end\ndata: {}\n\n`,
  message: (json, number) => `id: ${number}\ndata: ${json}\n\n`,
  error: (problem, retryMs) =>
    `${retryMs === undefined ? `id: ${LAST_ID}` : `retry: ${retryMs}`}\nevent: error\ndata: ${problem}\n\n`,
  reconnect: (reason, retryMs) =>
    `retry: ${retryMs}\nevent: reconnect\ndata: ${JSON.stringify({ reason, retryMs })}\n\n`,
};

/**
 * An EventSource comes back whenever a connection ends, with the id of the last event that it saw; only a 204 ends that. So
 * the end has an id of its own, and the gateway need not remember whom it told.
 */
export function hasSeenEnd(headers: IncomingHttpHeaders): boolean {
  return headers['last-event-id'] === LAST_ID;
}
