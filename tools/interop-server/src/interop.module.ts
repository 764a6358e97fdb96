import { Module } from '@nestjs/common';

import { TestServiceGrpcController } from './test-service.grpc.controller.js';

@Module({ controllers: [TestServiceGrpcController] })
export class InteropModule {}
