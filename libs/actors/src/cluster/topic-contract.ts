import { actors } from '@rookery/contracts/messages';
import type { GrainContract, GrainMethod } from './grain-contract.js';

const rest = { validate: undefined } as const;

/** What a topic can be called for; it is a grain whose identity is its name. */
export const topicMethods: Readonly<Record<'publish' | 'subscribe' | 'unsubscribe', GrainMethod>> = {
  /** Repeated, it would tell everybody twice. */
  publish: {
    ...{ name: 'Publish', property: 'publish', idempotency: 'unknown', ...rest },
    ...{ request: actors.PublishRequest, response: actors.PublishResponse },
  },
  subscribe: {
    ...{ name: 'Subscribe', property: 'subscribe', idempotency: 'idempotent', ...rest },
    ...{ request: actors.SubscribeRequest, response: actors.SubscribeResponse },
  },
  unsubscribe: {
    ...{ name: 'Unsubscribe', property: 'unsubscribe', idempotency: 'idempotent', ...rest },
    ...{ request: actors.UnsubscribeRequest, response: actors.UnsubscribeResponse },
  },
};

export const topicContract: GrainContract = {
  name: 'rookery.actors.v1.Topic',
  methods: Object.values(topicMethods),
};
