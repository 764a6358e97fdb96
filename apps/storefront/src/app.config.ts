import { databaseSettings } from '@rookery/cqrs';
import { setting, settings, tokenSettings } from '@rookery/service-kit';

/** What the storefront is told beyond what every service is. */
export class StorefrontConfig extends settings({
  ...databaseSettings,
  SHOPPERS_PER_SECOND: setting.decimal({
    meaning: 'Simulated shoppers each second, arriving at random; 0 keeps the shop empty.',
    default: 20,
    min: 0,
    max: 2000,
  }),
  GATEWAY_SHARE: setting.decimal({
    meaning: 'Share of the shoppers that uses the gateway over HTTP; the rest calls providers directly.',
    default: 0.5,
    min: 0,
    max: 1,
  }),
  BUYING_SHARE: setting.decimal({
    meaning: 'Share of the shoppers that buys, as long as orders and inventory are listed; the rest asks for a price.',
    default: 0.25,
    min: 0,
    max: 1,
  }),
  GATEWAY_URL: setting.url({ meaning: 'The gateway.', default: 'http://127.0.0.1:8080' }),
  ...tokenSettings({ clientId: 'storefront', clientSecret: 'storefront-secret' }),
  CALL_TIMEOUT_MS: setting.integer({
    meaning: 'How long a shopper waits for an answer, on either way.',
    default: 5000,
    min: 1,
    max: 60_000,
  }),
  BUYER_PATIENCE_MS: setting.integer({
    meaning: 'How long a buyer tries to place an order and waits for its end.',
    default: 20_000,
    min: 1,
    max: 600_000,
  }),
  MAX_SHOPPERS: setting.integer({
    meaning: 'Shoppers in the shop at once; who comes on top of that turns away and is counted.',
    default: 500,
    min: 1,
    max: 100_000,
  }),
}) {}
