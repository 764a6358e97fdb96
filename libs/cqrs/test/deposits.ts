import { Injectable, Module } from '@nestjs/common';
import type { Aggregate, RecordedEvent } from '@rookery/eventsourcing';
import { settings, ServiceKitModule } from '@rookery/service-kit';
import { databaseSettings, EventSourcingModule, Projection, type Transaction } from '../src/index.js';

interface Deposited {
  readonly type: 'Deposited';
  readonly amount: number;
}

export const account: Aggregate<number, Deposited, Deposited, number> = {
  name: 'account',
  initialState: () => 0,
  decide: (_state, command) => [command],
  evolve: (state, { amount }) => state + amount,
  answer: (state) => state,
};

class TellerConfig extends settings({ ...databaseSettings }) {}

/** The sum of all deposits, in one row; a rebuilt one counts in cents. */
abstract class Deposits extends Projection {
  readonly name = 'deposits';
  readonly sources = [account];
  readonly tables = 'create table deposits (total bigint not null); insert into deposits values (0)';
  abstract readonly factor: number;

  /** Knows nothing of an amount below zero. */
  async apply(events: readonly RecordedEvent[], transaction: Transaction): Promise<void> {
    if (events.some(({ event }) => (event as Deposited).amount < 0)) throw new RangeError('an amount below zero');
    const sum = events.reduce((total, { event }) => total + (event as Deposited).amount, 0);
    await transaction.query({ text: 'update deposits set total = total + $1', values: [sum * this.factor] });
  }
}

@Injectable()
class FirstDeposits extends Deposits {
  readonly generation = 1;
  readonly factor = 1;
}

@Injectable()
class NextDeposits extends Deposits {
  readonly generation = 2;
  readonly factor = 100;
}

const imports = [
  ServiceKitModule.forRoot({ name: 'teller', config: TellerConfig }),
  EventSourcingModule.forRoot({ config: TellerConfig }),
];

@Module({ imports, providers: [FirstDeposits] })
export class TellerModule {}

/** The next version of the same service. */
@Module({ imports, providers: [NextDeposits] })
export class NextTellerModule {}
