import { Module } from '@nestjs/common';
import { ActorsModule } from '@rookery/actors-nest';
import { StockEventsPublisher } from './api/stock.events.publisher.js';
import { StockGrain } from './api/stock.grain.js';
import { CommitStockHandler } from './application/commit-stock.handler.js';
import { ExpireReservationHandler } from './application/expire-reservation.handler.js';
import { GetStockHandler } from './application/get-stock.query.js';
import { ReceiveStockHandler } from './application/receive-stock.handler.js';
import { ReleaseStockHandler } from './application/release-stock.handler.js';
import { ReservationExpiry } from './application/reservation-expiry.reaction.js';
import { ReserveStockHandler } from './application/reserve-stock.handler.js';
import { ReturnStockHandler } from './application/return-stock.handler.js';
import { StockPort } from './application/stock.port.js';
import { GrainStockClient } from './infrastructure/grain-stock.client.js';

@Module({
  imports: [ActorsModule.forFeature([StockGrain])],
  providers: [
    CommitStockHandler,
    ExpireReservationHandler,
    GetStockHandler,
    ReceiveStockHandler,
    ReleaseStockHandler,
    ReserveStockHandler,
    ReturnStockHandler,
    ReservationExpiry,
    StockEventsPublisher,
    { provide: StockPort, useClass: GrainStockClient },
  ],
})
export class StockModule {}
