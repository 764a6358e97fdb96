import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '@rookery/runtime/testing';
import { choosePorts, LoopbackPorts, PortBusyError, PortSpace, type PortWish } from './port-choice.js';

const gateway: PortWish = { purpose: 'gateway', flag: 'gateway-port', asked: undefined, usual: 8080 };
const monitor: PortWish = { purpose: 'monitor', flag: 'monitor-port', asked: undefined, usual: 8081 };

class Machine extends PortSpace {
  constructor(
    private readonly busy: readonly number[],
    readonly claimed = new Set<number>(),
  ) {
    super();
  }

  isFree(port: number): Promise<boolean> {
    return Promise.resolve(!this.busy.includes(port));
  }

  claim(port: number): Promise<boolean> {
    const isNew = !this.claimed.has(port);
    this.claimed.add(port);
    return Promise.resolve(isNew);
  }
}

function choose(wishes: readonly PortWish[], machine: Machine) {
  return choosePorts(wishes, machine, new SeededRandom(1));
}

describe('choosePorts', () => {
  it('takes the usual ports when they are free', async () => {
    expect(await choose([gateway, monitor], new Machine([]))).toEqual([
      { port: 8080, isOther: false },
      { port: 8081, isOther: false },
    ]);
  });

  it('takes a free one instead of a busy usual one, and says so', async () => {
    expect(await choose([gateway, monitor], new Machine([8080]))).toEqual([
      { port: expect.any(Number), isOther: true },
      { port: 8081, isOther: false },
    ]);
  });

  it('leaves a port to whoever asked for it', async () => {
    const [first] = await choose([gateway, { ...monitor, asked: 8080 }], new Machine([]));
    expect(first).toEqual({ port: expect.any(Number), isOther: true });
    expect(first?.port).not.toBe(8080);
  });

  it('refuses a busy port that was asked for, naming it and its option', async () => {
    const refused = choose([{ ...gateway, asked: 9000 }], new Machine([9000]));
    await expect(refused).rejects.toThrow(PortBusyError);
    await expect(refused).rejects.toThrow(/^port 9000 for the gateway .* --gateway-port$/);
  });

  it('takes other ports than a cluster that was started at the same moment', async () => {
    const claimed = new Set<number>();
    const both = await Promise.all([1, 2].map(() => choose([gateway, monitor], new Machine([], claimed))));
    const ports = both.flat().map(({ port }) => port);
    expect(new Set(ports).size).toBe(4);
  });

  it('looks for other ports outside those that the system hands out', async () => {
    const many = Array.from({ length: 40 }, (_, index) => ({ ...gateway, usual: index }));
    const busy = many.map(({ usual }) => usual);
    const chosen = await choose(many, new Machine(busy));
    expect(Math.min(...chosen.map(({ port }) => port))).toBeGreaterThanOrEqual(20_000);
    expect(Math.max(...chosen.map(({ port }) => port))).toBeLessThan(30_000);
  });
});

describe('the ports of the loopback', () => {
  it('are free until somebody listens, and claimed once', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const { port } = holder.address() as AddressInfo;
    const ports = new LoopbackPorts();
    expect(await ports.isFree(port)).toBe(false);
    await new Promise((resolve) => holder.close(resolve));
    expect(await ports.isFree(port)).toBe(true);
    expect([await ports.claim(port), await ports.claim(port)]).toEqual([true, false]);
  });
});
