import { Module } from '@nestjs/common';
import { AlarmsModule } from '../alarms/alarms.module.js';
import { PresenceModule } from '../presence/presence.module.js';
import { TrafficModule } from '../traffic/traffic.module.js';
import { DashboardHttpController } from './dashboard.http.controller.js';
import { InstancesQuery } from './instances.query.js';
import { LinksQuery } from './links.query.js';
import { MonitorMetricsRegistrar } from './monitor-metrics.registrar.js';
import { OverviewQuery } from './overview.query.js';
import { PageHttpController } from './page.http.controller.js';
import { ServicesQuery } from './services.query.js';

@Module({
  imports: [TrafficModule, PresenceModule, AlarmsModule],
  controllers: [DashboardHttpController, PageHttpController],
  providers: [InstancesQuery, LinksQuery, MonitorMetricsRegistrar, OverviewQuery, ServicesQuery],
})
export class DashboardModule {}
