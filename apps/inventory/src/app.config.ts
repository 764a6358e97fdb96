import { databaseSettings } from '@rookery/cqrs';
import { setting, settings } from '@rookery/service-kit';

/** What inventory is told beyond what every service is. */
export class InventoryConfig extends settings({
  ...databaseSettings,
  RESERVATION_MS: setting.integer({
    meaning: 'How long units are put aside for an order that is neither committed nor released.',
    default: 300_000,
    min: 100,
    max: 86_400_000,
  }),
}) {}
