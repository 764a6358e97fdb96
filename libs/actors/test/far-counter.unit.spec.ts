// #region far
import { expect, it } from '@jest/globals';
import {
  ActorSystem,
  PeerNetwork,
  type Pid,
  Props,
  type Received,
  Remote,
  type Request,
  WireMessages,
} from '@rookery/actors';
import { testing } from '@rookery/contracts/messages';
import { twoSystems } from './two-systems.js';

interface Add extends testing.AddRequest, Request<testing.AddResponse> {
  readonly type: 'Add';
}

const counterProps = Props.fromProducer<Add>(() => {
  let total = 0;
  return {
    receive(message: Received<Add>, context) {
      if (message.type !== 'Add') return;
      total += message.amount;
      context.reply({ type: 'Added', total, instance: context.system.address });
    },
  };
});

/** What a process needs to be reached: a network, the codecs of its messages, and what others may start in it. */
function joined(system: ActorSystem, network: PeerNetwork): Remote {
  const messages = new WireMessages().add({ Add: testing.AddRequest, Added: testing.AddResponse });
  return new Remote(system, { network, messages, kinds: { counter: counterProps } });
}

it('an actor is started in another process, asked and watched there', async () => {
  const { here, there, time } = twoSystems();
  const remote = joined(here.system, here.network);
  joined(there.system, there.network);

  const starting = remote.spawn(there.system.address, 'counter', { name: 'visits' });
  await time.advanceAsync(100);
  const counter: Pid<Add> = await starting;

  const adding = here.system.ask(counter, { type: 'Add', counterId: 'visits', amount: 2 });
  const ended = here.system.poisonAndWait(counter);
  await time.advanceAsync(100);
  expect(await adding).toMatchObject({ total: 2, instance: there.system.address });
  await ended;
});
// #endregion
