import { describe, expect, it } from '@jest/globals';
import { choosePorts, PortBusyError, type PortWish } from './port-choice.js';

const gateway: PortWish = { purpose: 'gateway', flag: 'gateway-port', asked: undefined, usual: 8080 };
const monitor: PortWish = { purpose: 'monitor', flag: 'monitor-port', asked: undefined, usual: 8081 };

function machine(busy: readonly number[]): (port: number) => Promise<number | undefined> {
  let next = 40_000;
  return (port) => Promise.resolve(port === 0 ? next++ : busy.includes(port) ? undefined : port);
}

describe('choosePorts', () => {
  it('takes the usual ports when they are free', async () => {
    expect(await choosePorts([gateway, monitor], machine([]))).toEqual([
      { port: 8080, isOther: false },
      { port: 8081, isOther: false },
    ]);
  });

  it('takes a free one instead of a busy usual one, and says so', async () => {
    expect(await choosePorts([gateway, monitor], machine([8080]))).toEqual([
      { port: 40_000, isOther: true },
      { port: 8081, isOther: false },
    ]);
  });

  it('leaves a port to whoever asked for it', async () => {
    const [first] = await choosePorts([gateway, { ...monitor, asked: 8080 }], machine([]));
    expect(first).toEqual({ port: 40_000, isOther: true });
  });

  it('refuses a busy port that was asked for, naming it and its option', async () => {
    const refused = choosePorts([{ ...gateway, asked: 9000 }], machine([9000]));
    await expect(refused).rejects.toThrow(PortBusyError);
    await expect(refused).rejects.toThrow(/^port 9000 for the gateway .* --gateway-port$/);
  });
});
