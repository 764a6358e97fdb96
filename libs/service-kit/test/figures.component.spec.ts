import { Module } from '@nestjs/common';
import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '@rookery/testkit';
import { Figures, ServiceKitModule } from '../src/index.js';
import { type ServiceUnderTest, startUnderTest } from '../src/testing/index.js';

@Module({ imports: [ServiceKitModule.forRoot({ name: 'pricing' })] })
class SampleModule {}

let service: ServiceUnderTest;

afterEach(() => service.stop());

describe('figures', () => {
  it('tell what a service counts of its business, and the registry that it does', async () => {
    service = await startUnderTest(SampleModule);
    const figuresOf = async () => (await fetch(`${service.http}/figures`)).json();
    const capabilities = () => service.catalogue.answer('pricing').usable[0]?.capabilities;
    expect(await figuresOf()).toMatchObject({ figures: [] });
    expect(capabilities()).toEqual(['link']);
    let sold = 1;
    const figures = service.service.app.get(Figures);
    figures.add('quotes given', () => sold);
    figures.add('quotes refused', () => 0);
    sold++;
    expect(await figuresOf()).toEqual({
      incarnation: service.service.platform.identity.incarnation,
      figures: [
        { name: 'quotes given', value: 2 },
        { name: 'quotes refused', value: 0 },
      ],
    });
    await until('it is registered anew', () => capabilities()?.includes('figures') === true);
  });
});
