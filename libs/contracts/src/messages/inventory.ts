// Generated from proto/ by `npm run generate`; do not edit.
export { ReservationExpired, StockReceived } from './rookery/inventory/v1/inventory_events.js';
export {
  CommitRequest,
  CommitResponse,
  ExpireReservationRequest,
  ExpireReservationResponse,
  GetStockRequest,
  GetStockResponse,
  ReceiveStockRequest,
  ReceiveStockResponse,
  ReleaseRequest,
  ReleaseResponse,
  ReserveRequest,
  ReserveResponse,
  ReturnStockRequest,
  ReturnStockResponse,
  Stock,
} from './rookery/inventory/v1/inventory_service.js';
