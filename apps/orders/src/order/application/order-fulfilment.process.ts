import { Injectable } from '@nestjs/common';
import { Process } from '@rookery/cqrs';
import type { StepCall } from '@rookery/eventsourcing';
import { Clock, DomainError } from '@rookery/runtime';
import { OrdersConfig } from '../../app.config.js';
import type { Step } from '../domain/fulfilment-steps.js';
import type { FulfilmentCommand, ReportStep, StepOutcome } from '../domain/fulfilment.commands.js';
import { turnOf } from '../domain/fulfilment.decisions.js';
import type { FulfilmentEvent, FulfilmentState } from '../domain/fulfilment.events.js';
import { type FulfilmentProcess, fulfilmentProcess } from '../domain/fulfilment.process.js';
import { StepWork } from './step-work.js';

/** Runs the fulfilment of all orders. */
@Injectable()
export class OrderFulfilment extends Process<FulfilmentState, FulfilmentCommand, FulfilmentEvent, Step> {
  readonly manager: FulfilmentProcess;

  constructor(
    private readonly work: StepWork,
    private readonly clock: Clock,
    config: OrdersConfig,
  ) {
    super();
    this.manager = fulfilmentProcess(config.FULFILMENT_PATIENCE_MS);
  }

  async perform(step: Step, { commandId, processId: orderId, signal }: StepCall): Promise<ReportStep> {
    return { type: 'ReportStep', step: step.name, outcome: await this.outcomeOf(step, { orderId, commandId, signal }) };
  }

  /** Throws what leaves the step open: it is tried again. */
  private async outcomeOf(step: Step, call: Parameters<StepWork['carryOut']>[1]): Promise<StepOutcome> {
    try {
      const total = await this.work.carryOut(step, call);
      return { status: 'done', ...(total === undefined ? {} : { total }) };
    } catch (error) {
      const code = error instanceof DomainError ? error.code : 'UNKNOWN';
      const failure = { code, at: this.clock.now() };
      if (turnOf(step, failure) === undefined) throw error;
      return { status: 'failed', ...failure };
    }
  }
}
