import { Controller, Get, Header } from '@nestjs/common';
import { FiguresQuery, type InstanceFigures } from './figures.query.js';

/** What instances count of their own business. They are asked each time somebody looks. */
@Controller('api/figures')
export class FiguresHttpController {
  constructor(private readonly figures: FiguresQuery) {}

  @Get()
  @Header('cache-control', 'no-store')
  async getFigures(): Promise<{ readonly instances: readonly InstanceFigures[] }> {
    return { instances: await this.figures.execute() };
  }
}
