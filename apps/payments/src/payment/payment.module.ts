import { Module } from '@nestjs/common';
import { ActorsModule } from '@rookery/actors-nest';
import { PaymentEventsPublisher } from './api/payment.events.publisher.js';
import { PaymentGrain } from './api/payment.grain.js';
import { AuthorisePaymentHandler } from './application/authorise-payment.handler.js';
import { CapturePaymentHandler } from './application/capture-payment.handler.js';
import { GetPaymentHandler } from './application/get-payment.query.js';
import { GiveUpPaymentHandler } from './application/give-up-payment.handler.js';
import { OpenRequest } from './application/open-request.reaction.js';
import { PaymentProviderPort } from './application/payment-provider.port.js';
import { PaymentPort } from './application/payment.port.js';
import { SettlePaymentHandler } from './application/settle-payment.handler.js';
import { Settlement } from './application/settlement.js';
import { VoidPaymentHandler } from './application/void-payment.handler.js';
import { GrainPaymentClient } from './infrastructure/grain-payment.client.js';
import { BookingStore } from './infrastructure/provider-simulation/booking.store.js';
import { SimulatedProvider } from './infrastructure/provider-simulation/simulated-provider.js';
import { SimulatedProviderClient } from './infrastructure/simulated-provider.client.js';

@Module({
  imports: [ActorsModule.forFeature([PaymentGrain])],
  providers: [
    AuthorisePaymentHandler,
    CapturePaymentHandler,
    GetPaymentHandler,
    GiveUpPaymentHandler,
    SettlePaymentHandler,
    VoidPaymentHandler,
    OpenRequest,
    PaymentEventsPublisher,
    Settlement,
    { provide: PaymentPort, useClass: GrainPaymentClient },
    { provide: PaymentProviderPort, useClass: SimulatedProviderClient },
    ...[BookingStore, SimulatedProvider],
  ],
})
export class PaymentModule {}
