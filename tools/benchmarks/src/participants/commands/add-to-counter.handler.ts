import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Aggregates } from '@rookery/cqrs';

import { counterAggregate } from './counter.aggregate.js';

export class AddToCounter extends Command<number> {
  constructor(
    readonly counterId: string,
    readonly amount: number,
  ) {
    super();
  }
}

@CommandHandler(AddToCounter)
export class AddToCounterHandler implements ICommandHandler<AddToCounter> {
  constructor(private readonly aggregates: Aggregates) {}

  execute({ amount, counterId }: AddToCounter): Promise<number> {
    return this.aggregates.execute(counterAggregate, counterId, { type: 'Add', amount });
  }
}
