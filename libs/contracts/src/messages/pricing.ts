// Generated from proto/ by `npm run generate`; do not edit.
export {
  GetPriceRequest,
  GetPriceResponse,
  Money,
  PricedLine,
  QuoteLine,
  QuotePriceRequest,
  QuotePriceResponse,
} from './rookery/pricing/v1/pricing_service.js';
