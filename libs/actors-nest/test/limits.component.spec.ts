import { Module, type Type } from '@nestjs/common';
import { afterEach, describe, expect, it } from '@jest/globals';
import { pidByName, type Request } from '@rookery/actors';
import { Actors, ActorsModule, type ActorsOptions, addressOfProcess } from '@rookery/actors-nest';
import { testing } from '@rookery/contracts/messages';
import { ServiceKitModule, startService } from '@rookery/service-kit';
import { type ServiceUnderTest, startUnderTest } from '@rookery/service-kit/testing';

interface Question extends Request<unknown> {
  readonly type: 'Question';
  readonly counterId: string;
  readonly amount: number;
}

type Limits = NonNullable<ActorsOptions['limits']>;

const question: Question = { type: 'Question', counterId: 'c', amount: 1 };
/** In a process that is not there. */
const nobody = pidByName<Question>(
  addressOfProcess({ service: 'testing', instanceId: 'absent', incarnation: 'first' }),
  'nobody',
);

let service: ServiceUnderTest | undefined;
afterEach(async () => {
  await service?.stop();
  service = undefined;
});

function appWith(limits: Limits): Type {
  @Module({
    imports: [
      ServiceKitModule.forRoot({ name: 'testing' }),
      ActorsModule.forRoot({ limits, messages: { Question: testing.AddRequest } }),
    ],
  })
  class LimitedModule {}
  return LimitedModule;
}

async function systemWith(limits: Limits): Promise<Actors['system']> {
  service = await startUnderTest(appWith(limits));
  return service.service.app.get(Actors).system;
}

describe('the limits of a service with actors', () => {
  it('say how long messages wait for a connection', async () => {
    const system = await systemWith({ patienceMs: 1 });
    await expect(system.ask(nobody, question, { timeoutMs: 30_000 })).rejects.toMatchObject({ code: 'UNREACHABLE' });
  });

  it('say how many messages wait for one process', async () => {
    const system = await systemWith({ patienceMs: 60_000, queueLimit: 2 });
    for (let waiting = 0; waiting < 2; waiting++) system.tell(nobody, question);
    await expect(system.ask(nobody, question)).rejects.toMatchObject({ code: 'REMOTE_QUEUE_FULL' });
  });

  it.each<readonly [string, Limits]>([
    ['patienceMs', { patienceMs: -1 }],
    ['queueLimit', { queueLimit: NaN }],
    ['leaseMs', { leaseMs: -1 }],
    ['handOverMs', { handOverMs: -1 }],
    ['drainMs', { drainMs: -1 }],
    ['timeMs', { parking: { timeMs: -1 } }],
    // The first call of a grain waits for it, too: without room none would ever be active.
    ['perGrain', { parking: { perGrain: 0 } }],
    ['inAll', { parking: { inAll: 0 } }],
  ])('keep it from starting when they make no sense: %s', async (name, limits) => {
    const environment = { REGISTRY: 'static', REPORT_TO: '', LOG_LEVEL: 'silent', NODE_ENV: 'test' };
    const start = startService(appWith(limits), environment).then((running) => running.stop());
    await expect(start).rejects.toThrow(`${name} is at least`);
  });
});
