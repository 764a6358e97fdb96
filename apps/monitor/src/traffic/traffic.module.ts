import { Module } from '@nestjs/common';
import { ReportGrpcController } from './report.grpc.controller.js';
import { Reporters } from './reporters.js';
import { Traffic } from './traffic.js';

/** More instances or keys than this are counted and left out: the monitor's memory stays bounded. */
const MAXIMUM_INSTANCES = 2000;
const MAXIMUM_KEYS = 20_000;

@Module({
  controllers: [ReportGrpcController],
  providers: [
    { provide: Reporters, useFactory: () => new Reporters(MAXIMUM_INSTANCES) },
    { provide: Traffic, useFactory: () => new Traffic(MAXIMUM_KEYS) },
  ],
  exports: [Reporters, Traffic],
})
export class TrafficModule {}
