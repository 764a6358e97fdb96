import { BadRequestException, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { Actors, Grains } from '@rookery/actors-nest';
import { CounterServiceGrainClient } from '@rookery/contracts/nest';
import { DomainError } from '@rookery/runtime';
import { Logbook } from './logbook.js';
import { LookoutActor } from './lookout.actor.js';

const MOST_TIMEOUT_MS = 60_000;

/** How one call of a counter ended: with `OK`, or with the code of its error. */
type Ended =
  | { readonly code: 'OK'; readonly total: number; readonly activation: string }
  | { readonly code: string; readonly message: string };

/** What is done and seen from outside. */
@Controller()
export class ColonyHttpController {
  constructor(
    private readonly actors: Actors,
    private readonly grains: Grains,
    private readonly logbook: Logbook,
  ) {}

  /** Adds one to a counter by a call from this process, wherever the counter is active. */
  @Post('counters/:counterId')
  async add(@Param('counterId') counterId: string, @Query('timeoutMs') timeout: unknown): Promise<Ended> {
    const counter = this.grains.get(CounterServiceGrainClient, counterId);
    try {
      const answer = await counter.add({ counterId, amount: 1 }, { timeoutMs: timeoutIn(timeout) });
      return { code: 'OK', total: answer.total, activation: answer.instance };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return { code: error.code, message: error.message };
    }
  }

  /** Lets the lookout of this process watch the landmark of another. */
  @Post('lookout')
  lookOut(@Query('address') address: unknown): void {
    if (typeof address !== 'string') throw new BadRequestException('address is that of one actor system');
    this.actors.system.tell(this.actors.pidOf(LookoutActor), { type: 'LookOut', address });
  }

  @Get('lookout')
  showLogbook(): Logbook {
    return this.logbook;
  }
}

function timeoutIn(text: unknown): number {
  const timeoutMs = Number(text);
  if (Number.isInteger(timeoutMs) && timeoutMs >= 1 && timeoutMs <= MOST_TIMEOUT_MS) return timeoutMs;
  throw new BadRequestException(`timeoutMs is a whole number from 1 to ${MOST_TIMEOUT_MS}`);
}
