// Generated from proto/ by `npm run generate`; do not edit.
export {
  AuthoriseRequest,
  AuthoriseResponse,
  CaptureRequest,
  CaptureResponse,
  GetPaymentRequest,
  GetPaymentResponse,
  GiveUpRequest,
  GiveUpResponse,
  Money,
  Payment,
  PaymentStatus,
  SettleRequest,
  SettleResponse,
  VoidRequest,
  VoidResponse,
} from './rookery/payments/v1/payments_service.js';
export { PaymentCaptured, PaymentDeclined } from './rookery/payments/v1/payments_events.js';
