import { describe, expect, it } from '@jest/globals';
import type { Instance } from '@rookery/discovery';
import { describedInstance } from '@rookery/testkit';
import type { ServiceParts } from './service-parts.js';
import { ServicePorts } from './service-ports.js';

/** A registry that takes its time: each registration ends when the test says so, and a later one ends an earlier one in vain. */
class SlowRegistrar {
  readonly told: (readonly string[])[] = [];
  private open: { end(): void; fail(error: Error): void } | undefined;

  register({ capabilities }: Instance): Promise<void> {
    this.told.push(capabilities);
    this.open?.fail(new Error('another one came'));
    return new Promise((resolve, reject) => (this.open = { end: resolve, fail: reject }));
  }

  /** Ends the registration that is under way, and lets the next begin. */
  async accept(): Promise<void> {
    const { open } = this;
    this.open = undefined;
    open?.end();
    await turns();
  }
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

function start() {
  const registrar = new SlowRegistrar();
  const resolver = { lookup: () => Promise.resolve({ instances: [] }) };
  const ports = new ServicePorts({ registrar, resolver } as unknown as ServiceParts, false);
  ports.listensAs(describedInstance('pricing-1', 1));
  return { registrar, ports, registering: ports.register(new AbortController().signal) };
}

describe('what an instance offers', () => {
  it('is told after the first registration when it changes while that is under way', async () => {
    const { ports, registering, registrar } = start();
    await turns();
    ports.offers(['figures']);
    ports.offers(['figures', 'actors']);
    expect(registrar.told).toEqual([['link']]);
    await registrar.accept();
    await registrar.accept();
    await registering;
    expect(registrar.told).toEqual([['link'], ['link', 'figures', 'actors']]);
  });

  it('is told at once when the registry knows the instance', async () => {
    const { ports, registering, registrar } = start();
    await turns();
    await registrar.accept();
    await registering;
    ports.offers(['figures']);
    expect(registrar.told).toEqual([['link'], ['link', 'figures']]);
  });
});
