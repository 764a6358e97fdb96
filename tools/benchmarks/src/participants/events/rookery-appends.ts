/** Appends one event to a new stream in each call. Arguments: the database, and `answers` to record a command's answer with it. */
import type { Append } from '@rookery/eventsourcing';
import { Database, PostgresEventStore } from '@rookery/postgres';

import { announce, callOnDemand } from '../closed-loop.js';
import { ORDER_PLACED } from './order-placed.js';

const [url = '', extra = ''] = process.argv.slice(2);
const store = await PostgresEventStore.open(new Database({ url, applicationName: 'rookery-bench' }));
let count = 0;

callOnDemand(async () => {
  const { status } = await store.append(nextAppend());
  if (status !== 'appended') throw new Error(`an append ended as ${status}`);
});
announce({});

function nextAppend(): Append {
  const stream = `order-${process.pid}-${count++}`;
  const answer = {
    principal: 'customer-7',
    commandId: stream,
    requestHash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    outcome: { answer: { orderId: stream } },
    fromVersion: 0,
    toVersion: 1,
  };
  return { stream, expectedVersion: 0, events: [ORDER_PLACED], commands: extra === 'answers' ? [answer] : [] };
}
