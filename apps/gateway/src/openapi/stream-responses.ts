import type { JsonSchema } from './schema.js';

const PROBLEM = { $ref: '#/components/schemas/Problem' };
const RECONNECT = {
  type: 'object',
  required: ['reason', 'retryMs'],
  properties: { reason: { type: 'string' }, retryMs: { type: 'integer' } },
};

/** What a route answers that streams messages of this schema. OpenAPI 3.1 has schemas of a whole body alone, so these are of its parts. */
export function streamResponses(message: JsonSchema): JsonSchema {
  return {
    200: {
      description:
        'A stream of messages, then an end, an error, or the advice to come back. The schemas are those of the data of an event and of a line.',
      content: {
        'text/event-stream': { schema: { anyOf: [message, { type: 'object', maxProperties: 0 }, PROBLEM, RECONNECT] } },
        'application/x-ndjson': { schema: { oneOf: linesOf(message) } },
      },
    },
    204: { description: 'To a client of server-sent events that has seen the end of the stream and comes back.' },
  };
}

function linesOf(message: JsonSchema): JsonSchema[] {
  const lines = { result: message, end: { type: 'object' }, error: PROBLEM, reconnect: RECONNECT };
  return Object.entries(lines).map(([name, schema]) => ({
    type: 'object',
    required: [name],
    properties: { [name]: schema },
    additionalProperties: false,
  }));
}
