import { Injectable, Module, type Type } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import type { Command, DomainEvent, ProcessManager, Step } from '@rookery/eventsourcing';
import { ServiceKitModule, startService } from '@rookery/service-kit';
import { Process, Projection, Reaction } from '../src/index.js';
import { account } from './deposits.js';

@Injectable()
class Savings extends Projection {
  readonly name = 'savings';
  readonly generation = 1;
  readonly sources = [account];
  readonly tables = '';
  async apply(): Promise<void> {
    // Is told nothing.
  }
}

@Injectable()
class Interest extends Reaction {
  readonly name = 'interest';
  readonly sources = [account];
  on(): undefined {
    // Wants no timer.
  }
  async fire(): Promise<void> {
    // Has none.
  }
}

@Injectable()
class Transfer extends Process {
  readonly manager: ProcessManager<undefined, Command, DomainEvent, Step> = {
    ...{ name: 'transfer', sources: [account], route: () => undefined, next: () => undefined },
    ...{ decide: () => [], evolve: () => undefined, initialState: () => undefined },
  };
  perform(): Promise<never> {
    throw new Error('it has no steps');
  }
}

describe('a service that forgot EventSourcingModule.forRoot', () => {
  it.each<Type>([Savings, Interest, Transfer])('does not start with a %p', async (provider) => {
    @Module({ imports: [ServiceKitModule.forRoot({ name: 'testing' })], providers: [provider] })
    class ForgetfulModule {}
    const environment = { REGISTRY: 'static', REPORT_TO: '', LOG_LEVEL: 'silent', NODE_ENV: 'test' };
    const start = startService(ForgetfulModule, environment).then(async (running) => void (await running.stop()));
    await expect(start).rejects.toThrow(
      `${provider.name} of ForgetfulModule does nothing without EventSourcingModule.forRoot`,
    );
  });
});
