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

describe('a provider that does nothing before a module finds it', () => {
  it.each([TeaModule, BrewedTeaModule])(
    'keeps the service from starting where that module is missing: $name',
    async (module) => {
      const refusal = await startOf(module);
      expect(refusal).toBeInstanceOf(StartError);
      expect(String(refusal)).toContain(
        `TeaCeremony of ${module.name} does nothing without RitualsModule.forRoot: import it in the app's module`,
      );
    },
  );

  it('starts with the service where the module is imported anywhere', async () => {
    expect(await startOf(TeaModule, RitualsModule)).toBe(true);
  });
});
