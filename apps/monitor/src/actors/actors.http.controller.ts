import { BadRequestException, Controller, Get, Header, Query } from '@nestjs/common';
import { type ActorsPicture, ActorsQuery } from './actors.query.js';

const LONGEST = 1000;

/** The live actors of one instance, which is asked each time somebody looks. */
@Controller('api/actors')
export class ActorsHttpController {
  constructor(private readonly actors: ActorsQuery) {}

  @Get()
  @Header('cache-control', 'no-store')
  getActors(
    @Query('service') service?: unknown,
    @Query('instance') instance?: unknown,
    @Query('under') under?: unknown,
  ): Promise<ActorsPicture> {
    return this.actors.execute({
      service: textIn('service', service),
      instance: textIn('instance', instance),
      under: under === undefined ? undefined : textIn('under', under),
    });
  }
}

function textIn(name: string, value: unknown): string {
  if (typeof value === 'string' && value.length > 0 && value.length <= LONGEST) return value;
  throw new BadRequestException(`${name} is a text of 1 to ${LONGEST} characters`);
}
