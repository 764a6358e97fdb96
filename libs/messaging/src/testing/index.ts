export { InMemoryInbox } from './in-memory-inbox.js';
export { InMemoryTransport } from './in-memory-transport.js';
export { type ConsumerUnderTest, describeMessaging, type MessagingSubject } from './messaging.contract.js';
export { type ConsumerScript, ScriptedConsumer, type ScriptedConsumerParts } from './scripted-consumer.js';
export { ScriptedStock, ScriptedStockEvents } from './scripted-stock.js';
