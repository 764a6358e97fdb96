import { Module } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Figures, ServiceKitModule } from '@rookery/service-kit';
import { type ServiceUnderTest, startUnderTest } from '@rookery/service-kit/testing';
import { until } from '@rookery/testkit';
import { AppModule } from '../src/app.module.js';
import { FakedInstance } from './faked-instance.js';

let monitor: ServiceUnderTest;
let closing: (() => Promise<void>)[];

beforeEach(async () => {
  monitor = await startUnderTest(AppModule);
  closing = [() => monitor.stop()];
});

afterEach(async () => {
  for (const close of closing) await close();
});

async function figures(): Promise<unknown> {
  const { instances } = (await (await fetch(`${monitor.http}/api/figures`)).json()) as { instances: unknown };
  return instances;
}

/** Lists an instance with figures that answers `text`. */
async function listed(id: string, text: string): Promise<void> {
  const fake = await FakedInstance.start(id, (_request, response) => response.end(text), { capabilities: ['figures'] });
  closing.unshift(() => fake.stop());
  monitor.catalogue.put(fake.instance);
}

@Module({ imports: [ServiceKitModule.forRoot({ name: 'testing' })] })
class TestingModule {}

describe('the figures of instances', () => {
  it('are those of now, as each instance tells them', async () => {
    expect(await figures()).toEqual([]);
    const service = await startUnderTest(TestingModule, { INSTANCE_ID: 'testing-1' }, monitor.catalogue);
    closing.unshift(() => service.stop());
    let sold = 0;
    service.service.app.get(Figures).add('units sold', () => sold);
    await until('it is listed with figures', async () => ((await figures()) as unknown[]).length === 1);
    sold = 3;
    expect(await figures()).toEqual([
      { service: 'testing', instance: 'testing-1', figures: [{ name: 'units sold', value: 3 }], problem: null },
    ]);
  });

  it.each([
    ['a page', '<p>', 'testing-1 answered something else than its figures'],
    ['words for numbers', '{"incarnation":"first","figures":[{"name":"x","value":"<b>"}]}', 'testing-1 answered something else than its figures'], // prettier-ignore
    [
      'another process',
      '{"incarnation":"other","figures":[]}',
      'another process than testing-1 answers at its address',
    ],
  ])('are none where %s answers, and the page says why', async (_what, text, problem) => {
    await listed('testing-1', text);
    expect(await figures()).toEqual([{ service: 'testing', instance: 'testing-1', figures: [], problem }]);
  });

  it('of others are shown although one cannot be reached', async () => {
    await listed('testing-1', '{"incarnation":"first","figures":[{"name":"x","value":1}]}');
    await listed('testing-2', '{}');
    await closing.shift()?.();
    expect(await figures()).toMatchObject([
      { instance: 'testing-1', problem: null },
      { instance: 'testing-2', problem: 'testing-2 cannot be reached' },
    ]);
  });
});
