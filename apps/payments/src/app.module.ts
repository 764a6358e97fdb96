import { Module } from '@nestjs/common';
import { ActorsModule } from '@rookery/actors-nest';
import { EventSourcingModule } from '@rookery/cqrs';
import { MessagingModule } from '@rookery/messaging';
import { ServiceKitModule } from '@rookery/service-kit';
import { PaymentsConfig } from './app.config.js';
import { providerSimulationMigrations } from './payment/infrastructure/provider-simulation/provider-simulation-schema.js';
import { PaymentModule } from './payment/payment.module.js';

@Module({
  imports: [
    ServiceKitModule.forRoot({ name: 'payments', config: PaymentsConfig }),
    ActorsModule.forRoot(),
    EventSourcingModule.forRoot({ config: PaymentsConfig, migrations: [providerSimulationMigrations] }),
    MessagingModule.forRoot(),
    PaymentModule,
  ],
})
export class AppModule {}
