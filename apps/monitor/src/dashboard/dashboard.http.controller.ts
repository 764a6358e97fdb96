import { Controller, Get, Header } from '@nestjs/common';
import type { Alarm } from '../alarms/alarm.js';
import { AlarmBook } from '../alarms/alarm-book.js';
import { type InstancePicture, InstancesQuery } from './instances.query.js';
import { type LinkPicture, LinksQuery } from './links.query.js';
import { type OverviewPicture, OverviewQuery } from './overview.query.js';
import { type ServicePicture, ServicesQuery } from './services.query.js';

/** What the monitor knows, as JSON. Read only. */
@Controller('api')
export class DashboardHttpController {
  constructor(
    private readonly overview: OverviewQuery,
    private readonly instances: InstancesQuery,
    private readonly services: ServicesQuery,
    private readonly links: LinksQuery,
    private readonly book: AlarmBook,
  ) {}

  @Get('overview')
  @Header('cache-control', 'no-store')
  getOverview(): OverviewPicture {
    return this.overview.execute();
  }

  @Get('instances')
  @Header('cache-control', 'no-store')
  getInstances(): { readonly instances: readonly InstancePicture[] } {
    return { instances: this.instances.execute() };
  }

  @Get('services')
  @Header('cache-control', 'no-store')
  getServices(): { readonly services: readonly ServicePicture[] } {
    return { services: this.services.execute() };
  }

  @Get('links')
  @Header('cache-control', 'no-store')
  getLinks(): { readonly links: readonly LinkPicture[] } {
    return { links: this.links.execute() };
  }

  /** Pending and firing alarms, and those that resolved within the last 15 minutes, with their changes of state. */
  @Get('alarms')
  @Header('cache-control', 'no-store')
  getAlarms(): { readonly active: readonly Alarm[]; readonly resolved: readonly Alarm[] } {
    return { active: this.book.current(), resolved: this.book.recent() };
  }
}
