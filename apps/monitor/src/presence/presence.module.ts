import { Module } from '@nestjs/common';
import { Reporters } from '../traffic/reporters.js';
import { TrafficModule } from '../traffic/traffic.module.js';
import { Fleet } from './fleet.js';
import { Listings } from './listings.js';
import { RegistryWatchProcess } from './registry-watch.process.js';

@Module({
  imports: [TrafficModule],
  providers: [
    RegistryWatchProcess,
    { provide: Listings, useFactory: () => new Listings() },
    {
      provide: Fleet,
      useFactory: (reporters: Reporters, listings: Listings) => new Fleet(reporters, listings),
      inject: [Reporters, Listings],
    },
  ],
  exports: [Fleet, Listings],
})
export class PresenceModule {}
