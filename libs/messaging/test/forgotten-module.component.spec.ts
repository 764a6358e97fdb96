import { Injectable, Module, type Type } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { ServiceKitModule, startService } from '@rookery/service-kit';
import { type EventType, IntegrationEventHandler } from '../src/index.js';
import { ScriptedStockEvents } from '../src/testing/index.js';

@Injectable()
class Listener extends IntegrationEventHandler {
  readonly name = 'listener';
  readonly service = 'inventory';
  readonly types: readonly EventType[] = [];

  async handle(): Promise<void> {
    // Hears nothing.
  }
}

function startWith(provider: Type): Promise<unknown> {
  @Module({ imports: [ServiceKitModule.forRoot({ name: 'testing' })], providers: [provider] })
  class ForgetfulModule {}
  return startService(ForgetfulModule, {
    ...{ REGISTRY: 'static', REPORT_TO: '', LOG_LEVEL: 'silent', NODE_ENV: 'test' },
  }).then(async (running) => void (await running.stop()));
}

describe('a service that forgot MessagingModule.forRoot', () => {
  it.each([Listener, ScriptedStockEvents])('does not start with a %p', async (provider) => {
    await expect(startWith(provider)).rejects.toThrow(
      `${provider.name} of ForgetfulModule does nothing without MessagingModule.forRoot`,
    );
  });
});
