import { expect, it } from '@jest/globals';
import { createTestSystem } from '../testing/index.js';
import type { Received } from './actor.js';
import { Carrier } from './carrier.port.js';
import type { MessageHeaders } from './message-headers.js';
import type { Pid } from './pid.js';
import { Props } from './props.js';

/** Carries one word, as a trace would be carried. */
class WordCarrier extends Carrier {
  word: string | undefined;
  asked = 0;

  outgoing(): MessageHeaders | undefined {
    this.asked++;
    return this.word === undefined ? undefined : { word: this.word };
  }

  run({ word }: MessageHeaders, handle: () => void): void {
    const outer = this.word;
    this.word = word;
    handle();
    this.word = outer;
  }
}

type Order = { readonly type: 'Go' } | { readonly type: 'Later' };

function relays(
  carrier: WordCarrier,
): { first: Pid<Order>; heard: unknown[]; settle: () => Promise<void> } & Pick<
  ReturnType<typeof createTestSystem>,
  'system'
> {
  const { settle, system } = createTestSystem({ carrier });
  const heard: unknown[] = [];
  const last = system.spawn(
    Props.fromFunction((message: Received<Order>, context) => {
      if (message.type === 'Go') heard.push([context.headers, carrier.word]);
    }),
  );
  const first = system.spawn(
    Props.fromFunction((message: Received<Order>, context) => {
      if (message.type === 'Go') context.tell(last, { type: 'Go' });
      if (message.type === 'Later') {
        context.reenterAfter(Promise.resolve(), () => context.tell(last, { type: 'Go' }));
      }
    }),
  );
  return { first, heard, settle, system };
}

it.each(['Go', 'Later'] as const)(
  'what is carried goes on from actor to actor, also when one goes on later: %s',
  async (type) => {
    const carrier = new WordCarrier();
    const { first, heard, settle, system } = relays(carrier);
    await settle();
    carrier.word = 'hello';
    system.tell(first, { type });
    carrier.word = undefined;
    await settle();
    expect(heard).toEqual([[{ word: 'hello' }, 'hello']]);
  },
);

it('what the sender says goes beside it, and counts more', async () => {
  const carrier = new WordCarrier();
  const { heard, settle, system } = relays(carrier);
  const last = system.find('$0') as Pid<Order>;
  carrier.word = 'hello';
  system.tell(last, { type: 'Go' }, { other: 'x' });
  system.tell(last, { type: 'Go' }, { word: 'mine' });
  await settle();
  expect(heard).toEqual([
    [{ word: 'hello', other: 'x' }, 'hello'],
    [{ word: 'mine' }, 'mine'],
  ]);
});

it('an actor whose message carries nothing is not asked what to carry', async () => {
  const carrier = new WordCarrier();
  const { first, heard, settle, system } = relays(carrier);
  await settle();
  carrier.asked = 0;
  system.tell(first, { type: 'Go' });
  await settle();
  expect(heard).toEqual([[{}, undefined]]);
  expect(carrier.asked).toBe(1);
});
