import { getHeapStatistics } from 'node:v8';
import { Module } from '@nestjs/common';
import { ReportGrpcController } from './report.grpc.controller.js';
import { Reporters } from './reporters.js';
import { Traffic } from './traffic.js';

/** More instances or keys than this are counted and left out: the monitor's memory stays bounded. */
const MAXIMUM_INSTANCES = 2000;
const MAXIMUM_KEYS = 20_000;
/** What one reporter may have: as many as its own side keeps. */
const MAXIMUM_KEYS_OF_ONE = 2500;
/** What a minute of one busy key takes, as measured; keys may take half of the heap. */
const KEY_BYTES = 22_000;
const HEAP_SHARE = 0.5;

function makeTraffic(): Traffic {
  const fitting = Math.floor((HEAP_SHARE * getHeapStatistics().heap_size_limit) / KEY_BYTES);
  return new Traffic(Math.min(MAXIMUM_KEYS, fitting), MAXIMUM_KEYS_OF_ONE);
}

@Module({
  controllers: [ReportGrpcController],
  providers: [
    { provide: Reporters, useFactory: () => new Reporters(MAXIMUM_INSTANCES) },
    { provide: Traffic, useFactory: makeTraffic },
  ],
  exports: [Reporters, Traffic],
})
export class TrafficModule {}
