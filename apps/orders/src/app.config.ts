import { databaseSettings } from '@rookery/cqrs';
import { settings } from '@rookery/service-kit';

/** What orders is told beyond what every service is. */
export class OrdersConfig extends settings({ ...databaseSettings }) {}
