import { Injectable, Module, type Type } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { Finds, ServiceKitModule, StartError, startService } from '../src/index.js';

abstract class Ritual {
  abstract readonly name: string;
}

@Injectable()
class TeaCeremony extends Ritual {
  readonly name = 'tea';
}

@Injectable()
@Finds({ module: 'RitualsModule.forRoot', types: [Ritual] })
class Rituals {}

@Module({ providers: [Rituals] })
class RitualsModule {}

class GrandRituals extends Rituals {}

@Module({ providers: [{ provide: Rituals, useFactory: () => new Rituals() }] })
class MadeRitualsModule {}

@Module({ providers: [GrandRituals] })
class GrandRitualsModule {}

/** How the start of an app ends that imports these. */
function startOf(...imports: readonly Type[]): Promise<unknown> {
  @Module({ imports: [ServiceKitModule.forRoot({ name: 'testing' }), ...imports] })
  class TestedModule {}
  const environment = { REGISTRY: 'static', REPORT_TO: '', LOG_LEVEL: 'silent', NODE_ENV: 'test' };
  return startService(TestedModule, environment).then(
    async (running) => (await running.stop()).isClean,
    (error: unknown) => error,
  );
}

@Module({ providers: [TeaCeremony] })
class TeaModule {}

@Module({ providers: [{ provide: 'tea', useFactory: () => new TeaCeremony() }] })
class BrewedTeaModule {}

const named = (...modules: readonly Type[]) => modules.map((module) => [module.name, module] as const);

describe('a provider that does nothing before a module finds it', () => {
  it.each(named(TeaModule, BrewedTeaModule))(
    'keeps the service from starting where that module is missing: %s',
    async (_name, module) => {
      const refusal = await startOf(module);
      expect(refusal).toBeInstanceOf(StartError);
      expect(String(refusal)).toContain(
        `TeaCeremony of ${module.name} does nothing without RitualsModule.forRoot: import it in the app's module`,
      );
    },
  );

  it.each(named(RitualsModule, MadeRitualsModule, GrandRitualsModule))(
    'starts with the service where one who finds it is anywhere in the app: %s',
    async (_name, module) => {
      expect(await startOf(TeaModule, module)).toBe(true);
    },
  );
});
