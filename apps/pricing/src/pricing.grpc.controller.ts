import { Controller } from '@nestjs/common';
import type { pricing } from '@rookery/contracts/messages';
import { type PricingServiceController, PricingServiceControllerMethods } from '@rookery/contracts/nest';
import { Clock, DomainError } from '@rookery/runtime';

/** List prices of one unit in euro cents. The same in every copy: that is what makes the service stateless. */
const listPrices: ReadonlyMap<string, number> = new Map([
  ['tea', 450],
  ['coffee', 899],
  ['mug', 1250],
  ['kettle', 3999],
  ['lamp', 5450],
  ['chair', 12_900],
  ['desk', 34_900],
]);

/** What one euro buys, and how many minor units make one of the currency. */
const currencies: ReadonlyMap<string, { readonly rate: number; readonly minorUnits: number }> = new Map([
  ['EUR', { rate: 1, minorUnits: 100 }],
  ['USD', { rate: 1.1, minorUnits: 100 }],
  ['GBP', { rate: 0.85, minorUnits: 100 }],
  ['JPY', { rate: 160, minorUnits: 1 }],
]);

const VALID_MS = 5 * 60_000;

@Controller()
@PricingServiceControllerMethods()
export class PricingGrpcController implements PricingServiceController {
  constructor(private readonly clock: Clock) {}

  quotePrice({ currency, lines }: pricing.QuotePriceRequest): pricing.QuotePriceResponse {
    const priced = lines.map(({ sku, quantity }) => {
      const unitPrice = unitPriceOf(sku, currency);
      const linePrice = { currency, minorUnits: unitPrice.minorUnits * quantity };
      return { sku, quantity, unitPrice, linePrice };
    });
    const minorUnits = priced.reduce((sum, line) => sum + line.linePrice.minorUnits, 0);
    return { total: { currency, minorUnits }, lines: priced, validUntil: new Date(this.clock.now() + VALID_MS) };
  }

  getPrice({ sku, currency }: pricing.GetPriceRequest): pricing.GetPriceResponse {
    return { sku, unitPrice: unitPriceOf(sku, currency === '' ? 'EUR' : currency) };
  }
}

/** Variants cost what their article costs: `mug.blue` is a `mug`. */
function unitPriceOf(sku: string, currency: string): pricing.Money {
  const [article = sku] = sku.split('.');
  const cents = listPrices.get(article);
  if (cents === undefined) {
    throw new DomainError('SKU_UNKNOWN', `there is no price for ${sku}`, { kind: 'not-found', metadata: { sku } });
  }
  const into = currencies.get(currency);
  if (into === undefined) {
    const supported = [...currencies.keys()].join(', ');
    throw new DomainError('CURRENCY_UNSUPPORTED', `prices exist in ${supported}, not in ${currency}`, {
      metadata: { currency, supported },
    });
  }
  return { currency, minorUnits: Math.round((cents / 100) * into.rate * into.minorUnits) };
}
