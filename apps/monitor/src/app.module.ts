import { Module } from '@nestjs/common';
import { ServiceKitModule } from '@rookery/service-kit';
import { ActorsModule } from './actors/actors.module.js';
import { AlarmsModule } from './alarms/alarms.module.js';
import { MonitorConfig } from './app.config.js';
import { DashboardModule } from './dashboard/dashboard.module.js';
import { FiguresModule } from './figures/figures.module.js';
import { PresenceModule } from './presence/presence.module.js';
import { TrafficModule } from './traffic/traffic.module.js';

@Module({
  imports: [
    ServiceKitModule.forRoot({ name: 'monitor', config: MonitorConfig }),
    TrafficModule,
    PresenceModule,
    AlarmsModule,
    ActorsModule,
    FiguresModule,
    DashboardModule,
  ],
})
export class AppModule {}
