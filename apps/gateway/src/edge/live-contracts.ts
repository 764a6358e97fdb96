import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Resolver } from '@rookery/discovery';
import { Clock, Random, Scheduler } from '@rookery/runtime';
import { Readiness } from '@rookery/service-kit';

import { GatewayConfig } from '../app.config.js';
import { ContractCatalogue } from '../contracts/contract-catalogue.js';
import { ContractReader } from '../contracts/contract-reader.port.js';
import { LiveRoutes } from '../routing/live-routes.js';
import { ProviderCaller } from './provider-caller.port.js';

/** Follows the registry from the start of the process to its end, and keeps the routes true. */
@Injectable()
export class LiveContracts implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly catalogue: ContractCatalogue;
  readonly routes: LiveRoutes;

  constructor(
    resolver: Resolver,
    reader: ContractReader,
    config: GatewayConfig,
    random: Random,
    scheduler: Scheduler,
    clock: Clock,
    readiness: Readiness,
    providers: ProviderCaller,
  ) {
    const logger = new Logger('contracts');
    const report = (error: unknown) => logger.error('the routes could not be brought up to date', error);
    const sources = { reader, random, scheduler, clock, lingerMs: config.GATEWAY_LINGER_MS };
    this.catalogue = new ContractCatalogue(resolver, sources, () => this.routes.refresh());
    this.routes = new LiveRoutes(this.catalogue, scheduler, report);
    const contracts = readiness.require('contracts of the providers');
    this.routes.onChange(() => {
      if (this.routes.isSettled) contracts.met();
      for (const route of this.routes.table.routes) providers.expect(route.service);
    });
  }

  onApplicationBootstrap(): void {
    this.catalogue.start();
  }

  onApplicationShutdown(): void {
    this.catalogue.close();
    this.routes.close();
  }
}
