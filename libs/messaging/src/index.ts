export { IntegrationEventHandler } from './consuming/integration-event-handler.js';
export { isOf, type ReceivedEvent } from './consuming/received-event.js';
export { MessagingModule } from './messaging.module.js';
export { type IntegrationEvent, integrationEvent } from './publishing/integration-event.js';
export { IntegrationEvents } from './publishing/integration-events.js';
