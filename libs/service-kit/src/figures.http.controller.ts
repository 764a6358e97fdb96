import { Controller, Get } from '@nestjs/common';
import { type Figure, Figures } from './figures.js';

/** What a service counts of its own business; an empty list where it counts nothing. */
@Controller()
export class FiguresHttpController {
  constructor(private readonly figures: Figures) {}

  @Get('figures')
  getFigures(): { readonly figures: readonly Figure[] } {
    return { figures: this.figures.all() };
  }
}
