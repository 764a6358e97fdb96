import type { INestApplication } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';

import { RpcErrorFilter } from './rpc-error.filter.js';

/** Adds ours behind all filters that the application has: Nest asks the last one of its list first. */
export function addErrorFilter(app: INestApplication): void {
  const filter = new RpcErrorFilter(app.getHttpAdapter());
  const config = configOf(app);
  if (config === undefined) app.useGlobalFilters(filter);
  else config.getGlobalFilters().unshift(filter);
}

/** Whether nothing stands around each handler of the application but our filter, which hands errors on as they are. */
export function hasOnlyOurs(app: INestApplication): boolean {
  const config = configOf(app);
  if (config === undefined) return false;
  const enhancers = [
    config.getGlobalGuards(),
    config.getGlobalPipes(),
    config.getGlobalInterceptors(),
    config.getGlobalFilters().filter((filter) => !(filter instanceof RpcErrorFilter)),
    config.getGlobalRequestGuards(),
    config.getGlobalRequestPipes(),
    config.getGlobalRequestInterceptors(),
    config.getGlobalRequestFilters(),
    config.getGlobalPreRequestHooks(),
  ];
  return enhancers.every(({ length }) => length === 0);
}

/** Nest keeps it to itself, but its class is public; undefined where it is not found. */
function configOf(app: INestApplication): ApplicationConfig | undefined {
  const config: unknown = 'config' in app ? app.config : undefined;
  return config instanceof ApplicationConfig ? config : undefined;
}
