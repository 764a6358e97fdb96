import type { pricing } from '@rookery/contracts/messages';

/**
 * The request of the bench `rpc`: 143 bytes as protobuf, its response 224, so about 185 a message. The same for all subjects.
 */
export const ORDER: pricing.QuotePriceRequest = {
  currency: 'EUR',
  lines: [
    { sku: 'garden-chair-teak-folding-weatherproof-1', quantity: 4 },
    { sku: 'garden-table-teak-round-120cm-foldable-2', quantity: 1 },
    { sku: 'parasol-linen-natural-300cm-with-crank-3', quantity: 12 },
  ],
};

/** The request of the bench `gateway`, in the articles of the app `pricing`. */
export const BASKET: pricing.QuotePriceRequest = {
  currency: 'EUR',
  lines: [
    { sku: 'kettle', quantity: 4 },
    { sku: 'chair', quantity: 1 },
    { sku: 'mug', quantity: 12 },
  ],
};

const listPrices: ReadonlyMap<string, number> = new Map(
  [...ORDER.lines, ...BASKET.lines].map(({ sku }, index) => [sku, 1250 * (index + 1)]),
);

const VALID_MS = 5 * 60_000;

/** What every provider here answers with. */
export function quote({ currency, lines }: pricing.QuotePriceRequest): pricing.QuotePriceResponse {
  let sum = 0;
  const priced = lines.map(({ sku, quantity }) => {
    const unit = listPrices.get(sku) ?? 0;
    sum += unit * quantity;
    const unitPrice = { currency, minorUnits: unit };
    return { sku, quantity, unitPrice, linePrice: { currency, minorUnits: unit * quantity } };
  });
  return { total: { currency, minorUnits: sum }, lines: priced, validUntil: new Date(Date.now() + VALID_MS) };
}

/** The same in the form that proto-loader takes: it knows no `Date`. */
export function grpcQuote(request: pricing.QuotePriceRequest): object {
  const { validUntil, ...rest } = quote(request);
  const millis = validUntil?.getTime() ?? 0;
  return { ...rest, validUntil: { seconds: Math.floor(millis / 1000), nanos: (millis % 1000) * 1_000_000 } };
}

/** Fails when a provider's answer is not the quote that was asked for. */
export function checkQuote(request: pricing.QuotePriceRequest, answer: unknown): void {
  const { total, lines } = answer as { total?: { minorUnits?: unknown }; lines?: readonly unknown[] };
  const expected = quote(request);
  if (Number(total?.minorUnits) !== expected.total?.minorUnits || lines?.length !== expected.lines.length) {
    throw new Error(`a wrong quote: ${JSON.stringify(answer)}`);
  }
}
