import { Injectable, Module, type ModuleMetadata, Scope, type Type } from '@nestjs/common';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Actor, Props } from '@rookery/actors';
import { Actors, ActorsModule, RootActor } from '@rookery/actors-nest';
import { ServiceKitModule, startService } from '@rookery/service-kit';
import { type ServiceUnderTest, startUnderTest } from '@rookery/service-kit/testing';
import { CounterGrain } from './counter.grain.js';
import { CountersModule } from './counters.module.js';
import { Greeter } from './greeter.js';
import { Ledger } from './ledger.js';
import { VisitorsActor } from './visitors.actor.js';

let service: ServiceUnderTest | undefined;

afterEach(async () => {
  await service?.stop();
  service = undefined;
});

async function get(path: string): Promise<string> {
  return (await fetch(`${service?.http}${path}`)).text();
}

/** An app module with actors and what is given. */
function appWith(metadata: ModuleMetadata): Type {
  @Module({
    ...metadata,
    imports: [ServiceKitModule.forRoot({ name: 'testing' }), ActorsModule.forRoot(), ...(metadata.imports ?? [])],
  })
  class TestedModule {}
  return TestedModule;
}

@Module({
  imports: [
    ServiceKitModule.forRoot({ name: 'testing' }),
    ActorsModule.forRoot({ spawnable: { idle: Props.fromFunction(() => undefined) } }),
  ],
})
class OfferingModule {}

/** Why the app does not start. */
function refusalOf(metadata: ModuleMetadata): Promise<string> {
  return refusalOfApp(appWith(metadata));
}

async function refusalOfApp(app: Type): Promise<string> {
  const environment = { REGISTRY: 'static', REPORT_TO: '', LOG_LEVEL: 'silent', NODE_ENV: 'test' };
  const start = startService(app, environment);
  return start.then(
    async (running) => {
      await running.stop();
      return 'it started';
    },
    (error: unknown) => String(error),
  );
}

describe('a service with actors', () => {
  it('spawns them with what its module provides, and is ready then', async () => {
    service = await startUnderTest(CountersModule);
    expect(await get('/enter/ada')).toBe('Welcome, ada! You are number 1.');
    expect(await get('/enter/bob')).toBe('Welcome, bob! You are number 2.');
    expect(service.log.filter(({ level }) => level === 'warn')).toEqual([]);
  });

  it('freezes what is sent, outside of production, so that a sender that goes on changing it is found', async () => {
    service = await startUnderTest(CountersModule);
    const actors = service.service.app.get(Actors);
    const message = { type: 'Enter', name: 'ada' } as const;
    await actors.system.ask(actors.pidOf(VisitorsActor), message);
    expect(Object.isFrozen(message)).toBe(true);
  });

  it('starts actors of the kinds that it offers, for who asks at its address', async () => {
    service = await startUnderTest(OfferingModule);
    const { remote, system } = service.service.app.get(Actors);
    const pid = await remote.spawn(system.address, 'idle', { name: 'one' });
    expect(system.find('one')?.equals(pid)).toBe(true);
    expect((await remote.find(system.address, 'one'))?.equals(pid)).toBe(true);
    await expect(remote.spawn(system.address, 'busy')).rejects.toMatchObject({ code: 'KIND_UNKNOWN' });
  });

  it('makes a new instance of one that fails, behind the same Pid', async () => {
    service = await startUnderTest(CountersModule);
    await get('/enter/ada');
    const actors = service.service.app.get(Actors);
    actors.system.tell(actors.pidOf(VisitorsActor), { type: 'Fail' });
    expect(await get('/enter/bob')).toBe('Welcome, bob! You are number 1.');
    expect(service.log).toContainEqual(expect.objectContaining({ level: 'warn', msg: 'an actor failed' }));
  });

  it('activates grains, and says in the registry which', async () => {
    service = await startUnderTest(CountersModule);
    expect(service.catalogue.answer('testing').usable).toMatchObject([
      { capabilities: expect.arrayContaining(['link', 'grain:rookery.testing.v1.CounterService', 'actors']) },
    ]);
    expect(await get('/count/local-1')).toBe('1');
    expect(await get('/count/local-1')).toBe('2');
  });
});

describe('a service that forgot ActorsModule.forRoot', () => {
  it.each([
    ['an actor', VisitorsActor],
    ['a grain', CounterGrain],
  ])('does not start with %s', async (_what, type) => {
    @Module({
      imports: [ServiceKitModule.forRoot({ name: 'testing' }), ActorsModule.forFeature([type])],
      providers: [Greeter, Ledger],
    })
    class ForgetfulModule {}
    expect(await refusalOfApp(ForgetfulModule)).toContain(
      `ActorsModule.forFeature lists ${type.name}, and nothing runs that without ActorsModule.forRoot: import it in the app's module`,
    );
  });
});

describe('the instance of an actor or a grain', () => {
  const features = { imports: [ActorsModule.forFeature([VisitorsActor, CounterGrain])], providers: [Greeter, Ledger] };

  it('is injected nowhere: who wants one does not start, and is told what to ask for', async () => {
    @Injectable()
    class Nosy {
      constructor(readonly visitors: VisitorsActor) {}
    }
    @Injectable()
    class Greedy {
      constructor(readonly counter: CounterGrain) {}
    }
    expect(await refusalOf({ ...features, providers: [...features.providers, Nosy] })).toMatch(
      /Nosy wants an instance of VisitorsActor.*inject Actors and ask it for pidOf\(VisitorsActor\)/,
    );
    expect(await refusalOf({ ...features, providers: [...features.providers, Greedy] })).toMatch(
      /Greedy wants an instance of CounterGrain.*inject Grains/,
    );
  });

  it('is made by no module', async () => {
    expect(await refusalOf({ ...features, providers: [...features.providers, VisitorsActor] })).toMatch(
      /TestedModule lists VisitorsActor among its providers/,
    );
  });

  it('is not found by asking the application', async () => {
    service = await startUnderTest(CountersModule);
    const { app } = service.service;
    expect(() => app.get(VisitorsActor)).toThrow('VisitorsActor');
    await expect(app.resolve(VisitorsActor)).rejects.toThrow('reached by messages alone');
  });

  it('is made of what is there for all of its life', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class PerRequest {}
    @RootActor({ name: 'tested' })
    class TestedActor implements Actor {
      constructor(readonly perRequest: PerRequest) {}
      receive(): void {
        // Hears nothing.
      }
    }
    expect(await refusalOf({ imports: [ActorsModule.forFeature([TestedActor])], providers: [PerRequest] })).toMatch(
      /TestedActor/,
    );
    expect(await refusalOf({ imports: [ActorsModule.forFeature([TestedActor])] })).toMatch(
      /can't resolve dependencies of the TestedActor/,
    );
  });
});
