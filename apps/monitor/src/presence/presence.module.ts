import { Module } from '@nestjs/common';
import { Reporters } from '../traffic/reporters.js';
import { TrafficModule } from '../traffic/traffic.module.js';
import { Fleet } from './fleet.js';
import { InstanceClient } from './instance.client.js';
import { Listings } from './listings.js';
import { RegistryWatchProcess } from './registry-watch.process.js';

@Module({
  imports: [TrafficModule],
  providers: [
    InstanceClient,
    RegistryWatchProcess,
    { provide: Listings, useFactory: () => new Listings() },
    {
      provide: Fleet,
      useFactory: (reporters: Reporters, listings: Listings) => new Fleet(reporters, listings),
      inject: [Reporters, Listings],
    },
  ],
  exports: [Fleet, InstanceClient, Listings],
})
export class PresenceModule {}
