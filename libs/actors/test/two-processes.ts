import { pricing } from '@rookery/contracts/messages';
import type { DomainError } from '@rookery/runtime';
import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';
import {
  type ActorContext,
  ActorSystem,
  type ActorSystemOptions,
  DeadLetter,
  type Pid,
  pidByName,
  Props,
  Remote,
  type RemoteOptions,
  type Received,
  type Request,
  WireMessages,
} from '../src/index.js';
import { SimulatedNetwork } from '../src/testing/index.js';

/** A message of a contract, for want of a better one: `Price` asks for what `Line` says. */
export interface Ping extends Request<Pong> {
  readonly type: 'Ping';
  readonly sku: string;
  readonly currency: string;
}
export interface Pong {
  readonly type: 'Pong';
  readonly sku: string;
  readonly quantity: number;
}
export const ping = (sku: string): Ping => ({ type: 'Ping', sku, currency: '' });

export function testMessages(): WireMessages {
  return new WireMessages().add({ Ping: pricing.GetPriceRequest, Pong: pricing.QuoteLine });
}

export interface Stage {
  readonly time: VirtualTime;
  readonly network: SimulatedNetwork;
  process(address: string, options?: Partial<RemoteOptions & ActorSystemOptions>): TestProcess;
}

export interface TestProcess {
  readonly system: ActorSystem;
  readonly remote: Remote;
  readonly letters: DeadLetter[];
  readonly givenUpBy: string[];
}

export function stage(seed = 1): Stage {
  const time = new VirtualTime();
  const random = new SeededRandom(seed);
  const network = new SimulatedNetwork(time, random);
  const process = (address: string, options: Partial<RemoteOptions & ActorSystemOptions> = {}): TestProcess => {
    const messages = testMessages();
    const joined = network.join(address);
    const letters: DeadLetter[] = [];
    const givenUpBy: string[] = [];
    const parts = { clock: time.clock, random, scheduler: joined.scheduler, freezesMessages: true };
    const system = new ActorSystem({ address, ...parts, ...options });
    system.events.subscribe(DeadLetter, (letter) => letters.push(letter));
    const onGivenUp = (by: string): void => void givenUpBy.push(by);
    const remote = new Remote(system, { network: joined, messages, onGivenUp, ...options });
    return { system, remote, letters, givenUpBy };
  };
  return { time, network, process };
}

/** Answers each question with how many it has had. */
export function answerer(): Props<Ping> {
  return Props.fromProducer(() => {
    let count = 0;
    return {
      receive: (message: Received<Ping>, context: ActorContext<Ping>) => {
        if (message.type === 'Ping') context.reply({ type: 'Pong', sku: message.sku, quantity: ++count });
      },
    };
  });
}

/** The Pid as another process gets to know it. */
export function abroad<M>(pid: Pid<M>): Pid<M> {
  return pidByName<M>(pid.address, pid.id);
}

export async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'answered',
    (error: unknown) => (error as DomainError).code,
  );
}
