import type { StreamFormat } from './stream-format.js';

/**
 * NDJSON. Each line is an object with one member that says what it is, so that no message is taken for an error, and an
 * end for a connection that broke. A beat is a space before the next line, which every JSON parser passes over.
 */
export const jsonLines: StreamFormat = {
  type: 'application/x-ndjson',
  beat: ' ',
  end: '{"end":{}}\n',
  message: (json) => `{"result":${json}}\n`,
  error: (problem) => `{"error":${problem}}\n`,
  reconnect: (reason, retryMs) => `${JSON.stringify({ reconnect: { reason, retryMs } })}\n`,
};
