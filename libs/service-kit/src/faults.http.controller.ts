import { BadRequestException, Body, Controller, Get, Put } from '@nestjs/common';
import { DomainError } from '@rookery/runtime';
import { type FaultPlan, Faults } from './faults.js';

/** Shows and changes the fault plan while the service runs. Exists only with FAULTS_ENABLED=true. */
@Controller('faults')
export class FaultsHttpController {
  constructor(private readonly faults: Faults) {}

  @Get()
  show(): FaultPlan {
    return this.faults.plan;
  }

  @Put()
  change(@Body() wish: unknown): FaultPlan {
    try {
      return this.faults.change(wish);
    } catch (error) {
      if (error instanceof DomainError) throw new BadRequestException(error.message);
      throw error;
    }
  }
}
