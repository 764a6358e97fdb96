import { Module } from '@nestjs/common';
import { ActorsModule } from '@rookery/actors-nest';
import { EventSourcingModule } from '@rookery/cqrs';
import { MessagingModule } from '@rookery/messaging';
import { ServiceKitModule, TokenModule } from '@rookery/service-kit';
import { OrdersConfig } from './app.config.js';
import { OrderModule } from './order/order.module.js';

@Module({
  imports: [
    ServiceKitModule.forRoot({ name: 'orders', config: OrdersConfig }),
    ActorsModule.forRoot(),
    EventSourcingModule.forRoot({ config: OrdersConfig }),
    MessagingModule.forRoot(),
    TokenModule.forRoot({ config: OrdersConfig }),
    OrderModule,
  ],
})
export class AppModule {}
