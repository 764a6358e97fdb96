import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Aggregates } from '@rookery/cqrs';

import { counterAggregate } from './counter.aggregate.js';

export class GetTotal extends Query<number> {
  constructor(readonly counterId: string) {
    super();
  }
}

@QueryHandler(GetTotal)
export class GetTotalHandler implements IQueryHandler<GetTotal> {
  constructor(private readonly aggregates: Aggregates) {}

  execute({ counterId }: GetTotal): Promise<number> {
    return this.aggregates.read(counterAggregate, counterId);
  }
}
