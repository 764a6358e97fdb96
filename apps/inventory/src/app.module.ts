import { Module } from '@nestjs/common';
import { ActorsModule } from '@rookery/actors-nest';
import { EventSourcingModule } from '@rookery/cqrs';
import { MessagingModule } from '@rookery/messaging';
import { ServiceKitModule } from '@rookery/service-kit';
import { InventoryConfig } from './app.config.js';
import { StockModule } from './stock/stock.module.js';

@Module({
  imports: [
    ServiceKitModule.forRoot({ name: 'inventory', config: InventoryConfig }),
    ActorsModule.forRoot(),
    EventSourcingModule.forRoot({ config: InventoryConfig }),
    MessagingModule.forRoot(),
    StockModule,
  ],
})
export class AppModule {}
