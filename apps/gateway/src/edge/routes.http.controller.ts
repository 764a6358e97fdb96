import { Controller, Get } from '@nestjs/common';

import { LiveContracts } from './live-contracts.js';

interface RouteView {
  readonly route: string;
  readonly service: string;
  /** Newest first, by contract: more than one while an upgrade is under way. */
  readonly versions: readonly {
    readonly method: string;
    readonly contracts: readonly string[];
    readonly access: string;
  }[];
}

/** What the gateway serves now, who owns it, and what it refuses to serve; for operators, on the admin port. */
@Controller('routes')
export class RoutesHttpController {
  constructor(private readonly contracts: LiveContracts) {}

  @Get()
  read(): object {
    const { table, isComplete } = this.contracts.routes;
    const routes = table.routes.map(({ name, service, versions }): RouteView => {
      const views = versions.map(({ offer: { method }, contracts }) => {
        const access = method.access.isPublic ? 'public' : method.access.scopes.join(' ');
        return { method: method.path, contracts: [...contracts], access };
      });
      return { route: name, service, versions: views };
    });
    return { isComplete, routes, refused: table.refusals, unread: this.contracts.catalogue.unread };
  }
}
