import { Module } from '@nestjs/common';
import { ServiceKitModule } from '@rookery/service-kit';
import { PricingGrpcController } from './pricing.grpc.controller.js';

@Module({
  imports: [ServiceKitModule.forRoot({ name: 'pricing' })],
  controllers: [PricingGrpcController],
})
export class AppModule {}
