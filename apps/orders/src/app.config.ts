import { databaseSettings } from '@rookery/cqrs';
import { setting, settings, tokenSettings } from '@rookery/service-kit';

/** What orders is told beyond what every service is. */
export class OrdersConfig extends settings({
  ...databaseSettings,
  ...tokenSettings({ clientId: 'orders', clientSecret: 'orders-secret' }),
  FULFILMENT_PATIENCE_MS: setting.integer({
    meaning: 'How long after its placing an order that is not sealed waits for a service that does not answer.',
    default: 60_000,
    min: 100,
    max: 3_600_000,
  }),
  STEP_TIMEOUT_MS: setting.integer({
    meaning: 'How long fulfilment waits for one answer before it asks again.',
    default: 5000,
    min: 10,
    max: 60_000,
  }),
}) {}
