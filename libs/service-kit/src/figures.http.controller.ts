import { Controller, Get } from '@nestjs/common';
import { type Figure, Figures } from './figures.js';
import { ServiceIdentity } from './service-identity.js';

/** What a service counts of its own business; an empty list where it counts nothing. */
@Controller()
export class FiguresHttpController {
  constructor(
    private readonly figures: Figures,
    private readonly identity: ServiceIdentity,
  ) {}

  @Get('figures')
  getFigures(): { readonly incarnation: string; readonly figures: readonly Figure[] } {
    return { incarnation: this.identity.incarnation, figures: this.figures.all() };
  }
}
