import { beforeEach, describe, expect, it } from '@jest/globals';
import { TestServiceDefinition } from '@rookery/contracts/nest';
import type { Instance } from '@rookery/discovery';
import { DeadlineWheel } from '@rookery/resilience';
import { VirtualTime } from '@rookery/runtime/testing';
import { describedInstance } from '@rookery/testkit';

import { BalancedRoute } from '../routing/balanced-route.js';
import { plainStatus } from '../status/call-status.js';
import { StatusCode } from '../status/status-code.js';
import { UnaryCall } from './unary-call.js';
import type { UnaryCallHost } from './unary-call-host.port.js';

const BACK_OFF_MS = 25;

let time: VirtualTime;
/** Who was asked. */
let asked: string[];

beforeEach(() => {
  time = new VirtualTime();
  asked = [];
});

/** Instances that each say after so long that what they need is not available. */
function hostOf(instances: readonly Instance[], saysAfterMs: number): UnaryCallHost {
  const host = {
    ...{ service: 'test', clock: time.clock, scheduler: time, wheel: new DeadlineWheel(time.clock, time) },
    ...{ retryBudget: { deposit: () => undefined, withdraw: () => true }, backOffMs: () => BACK_OFF_MS },
    observer: { callerStarted: () => undefined, callerEnded: () => undefined },
    usable: () => instances,
    pick: ({ tried = [] }: { tried?: readonly Instance[] }) => {
      const instance = instances.find((one) => !tried.includes(one)) ?? instances[0];
      return { instance, started: () => undefined, ended: () => undefined };
    },
    connectionTo: ({ id }: Instance) => ({
      ...{ transport: 'link', target: { instanceId: id }, cancel: () => undefined },
      send: (call: UnaryCall) => {
        asked.push(id);
        time.timer(saysAfterMs, () => call.fail(plainStatus(StatusCode.UNAVAILABLE, 'the store is away')));
        return true;
      },
    }),
    unpark: () => false,
  };
  // The rest of a host has no part in this.
  const partial = host as unknown as UnaryCallHost;
  return Object.assign(partial, { anywhere: new BalancedRoute(partial, undefined) });
}

/** How a question ends that may take `timeoutMs`. */
async function ended(host: UnaryCallHost, timeoutMs: number): Promise<unknown> {
  const end = new Promise((resolve, reject) => {
    const options = { isIdempotent: true };
    const method = TestServiceDefinition.method.unaryCall;
    new UnaryCall(host, method, {}, timeoutMs, options, undefined, resolve, reject).start(0);
  }).catch((error: unknown) => error);
  await time.advanceAsync(timeoutMs);
  return end;
}

describe('a call whose instance says that something is not available', () => {
  const [first, second] = [describedInstance('a', 1), describedInstance('b', 2)];
  const unavailable = { kind: 'unavailable' };

  it('is made there again as long as there is time for another such answer', async () => {
    expect(await ended(hostOf([first], 500), 2500)).toMatchObject(unavailable);
    expect(asked).toEqual(['a', 'a', 'a']);
  });

  it('hears so when there is not, instead of running into its deadline', async () => {
    expect(await ended(hostOf([first], 1500), 2500)).toMatchObject(unavailable);
    expect(asked).toEqual(['a']);
  });

  it('is made elsewhere however late it is: another instance may be quicker', async () => {
    await ended(hostOf([first, second], 1500), 2500);
    expect(asked).toEqual(['a', 'b']);
  });
});
