import { Controller, Module } from '@nestjs/common';
import { type inventory, payments, type pricing } from '@rookery/contracts/messages';
import {
  type CallContext,
  type InventoryServiceController,
  InventoryServiceControllerMethods,
  type PaymentsServiceController,
  PaymentsServiceControllerMethods,
  type PricingServiceController,
  PricingServiceControllerMethods,
} from '@rookery/contracts/nest';
import { DomainError } from '@rookery/runtime';
import { ServiceKitModule } from '@rookery/service-kit';
import { neighbours } from './neighbours.js';

const { PaymentStatus } = payments;

@Controller()
@PricingServiceControllerMethods()
class PricingController implements PricingServiceController {
  async quotePrice(request: pricing.QuotePriceRequest, context: CallContext): Promise<pricing.QuotePriceResponse> {
    const { currency, lines } = request;
    await neighbours.called('quote', '', context);
    const unknown = lines.find(({ sku }) => sku === 'unicorn');
    if (unknown !== undefined) throw new DomainError('SKU_UNKNOWN', 'no price', { kind: 'not-found' });
    const minorUnits = lines.reduce((sum, { quantity }) => sum + 450 * quantity, 0);
    return { total: { currency, minorUnits }, lines: [], validUntil: undefined };
  }

  getPrice({ sku }: pricing.GetPriceRequest): pricing.GetPriceResponse {
    return { sku, unitPrice: undefined };
  }
}

@Controller()
@InventoryServiceControllerMethods()
class InventoryController implements InventoryServiceController {
  async reserve(request: inventory.ReserveRequest, context: CallContext): Promise<inventory.ReserveResponse> {
    const { orderId, quantity, sku } = request;
    await neighbours.called('reserve', orderId, context);
    const key = `${orderId}/${sku}`;
    if (neighbours.reserved.has(key)) return { expiresAt: undefined };
    const available = neighbours.available.get(sku) ?? 0;
    if (available < quantity) throw new DomainError('OUT_OF_STOCK', `there are ${available}`);
    neighbours.add(neighbours.available, sku, -quantity);
    neighbours.reserved.set(key, quantity);
    return { expiresAt: undefined };
  }

  async commit({ orderId, sku }: inventory.CommitRequest, context: CallContext): Promise<inventory.CommitResponse> {
    await neighbours.called('commit', orderId, context);
    neighbours.committed.set(`${orderId}/${sku}`, this.end(orderId, sku, neighbours.sold));
    return {};
  }

  async release({ orderId, sku }: inventory.ReleaseRequest, context: CallContext): Promise<inventory.ReleaseResponse> {
    await neighbours.called('release', orderId, context);
    this.end(orderId, sku, neighbours.available);
    return {};
  }

  async returnStock({ orderId, sku }: inventory.ReturnStockRequest, context: CallContext) {
    await neighbours.called('return', orderId, context);
    const quantity = neighbours.committed.get(`${orderId}/${sku}`) ?? 0;
    neighbours.committed.delete(`${orderId}/${sku}`);
    neighbours.add(neighbours.sold, sku, -quantity);
    neighbours.add(neighbours.available, sku, quantity);
    return {};
  }

  receiveStock(): inventory.ReceiveStockResponse {
    return { stock: undefined };
  }

  getStock(): inventory.GetStockResponse {
    return { stock: undefined };
  }

  expireReservation(): inventory.ExpireReservationResponse {
    return {};
  }

  /** Ends a reservation, if there is one; gives the units that go from it to there. */
  private end(orderId: string, sku: string, to: Map<string, number>): number {
    const quantity = neighbours.reserved.get(`${orderId}/${sku}`) ?? 0;
    neighbours.add(to, sku, quantity);
    neighbours.reserved.delete(`${orderId}/${sku}`);
    return quantity;
  }
}

/** The cards mean what the contract says. */
@Controller()
@PaymentsServiceControllerMethods()
class PaymentsController implements PaymentsServiceController {
  async authorise(request: payments.AuthoriseRequest, context: CallContext): Promise<payments.AuthoriseResponse> {
    const { card, orderId } = request;
    await neighbours.called('authorise', orderId, context);
    // Who waits at a gate may be voided meanwhile; what is voided stays so.
    if (neighbours.paid.get(orderId) === PaymentStatus.PAYMENT_STATUS_VOIDED) {
      throw new DomainError('PAYMENT_VOIDED', 'it was voided before it came');
    }
    neighbours.cards.set(orderId, card);
    const isDeclined = card === 'tok_declined';
    const status = isDeclined ? PaymentStatus.PAYMENT_STATUS_DECLINED : PaymentStatus.PAYMENT_STATUS_AUTHORISED;
    return this.becomes(orderId, status);
  }

  async capture({ orderId }: payments.CaptureRequest, context: CallContext): Promise<payments.CaptureResponse> {
    await neighbours.called('capture', orderId, context);
    const isDeclined = neighbours.cards.get(orderId) === 'tok_capture_declined';
    const { PAYMENT_STATUS_CAPTURED, PAYMENT_STATUS_CAPTURE_DECLINED } = PaymentStatus;
    return this.becomes(orderId, isDeclined ? PAYMENT_STATUS_CAPTURE_DECLINED : PAYMENT_STATUS_CAPTURED);
  }

  async void({ orderId }: payments.VoidRequest, context: CallContext): Promise<payments.VoidResponse> {
    await neighbours.called('void', orderId, context);
    return this.becomes(orderId, PaymentStatus.PAYMENT_STATUS_VOIDED);
  }

  getPayment(): payments.GetPaymentResponse {
    return { payment: undefined };
  }

  settle(): payments.SettleResponse {
    return { payment: undefined };
  }

  giveUp(): payments.GiveUpResponse {
    return { payment: undefined };
  }

  private becomes(orderId: string, status: payments.PaymentStatus): { readonly payment: payments.Payment } {
    neighbours.paid.set(orderId, status);
    return { payment: { orderId, status, amount: undefined, declineReason: '' } };
  }
}

@Module({ imports: [ServiceKitModule.forRoot({ name: 'pricing' })], controllers: [PricingController] })
export class PricingModule {}

@Module({ imports: [ServiceKitModule.forRoot({ name: 'inventory' })], controllers: [InventoryController] })
export class InventoryModule {}

@Module({ imports: [ServiceKitModule.forRoot({ name: 'payments' })], controllers: [PaymentsController] })
export class PaymentsModule {}
