import { describe, expect, it } from '@jest/globals';
import { scripted } from '../../test/scripted.js';
import { createTestSystem } from '../testing/index.js';
import { boundedMailbox, oneForOne, Props } from '../index.js';

describe('props', () => {
  it('are never changed: each change gives others', () => {
    const props = scripted();
    const strategy = oneForOne();
    const mailbox = boundedMailbox(5);
    const others = props.withMailbox(mailbox).withStrategy(strategy).withGuardian(strategy).withStashCapacity(3);
    expect(others).toMatchObject({ mailbox, strategy, guardian: strategy, stashCapacity: 3 });
    expect(props).toMatchObject({ guardian: undefined, stashCapacity: 1000 });
    expect(props.mailbox).not.toBe(mailbox);
  });

  it('make a new instance for each actor and after each restart', async () => {
    const { settle, system } = createTestSystem();
    const made: number[] = [];
    const props = Props.fromProducer<'fail'>(() => {
      made.push(made.length);
      return {
        receive: (message) => {
          if (message === 'fail') throw new Error('no');
        },
      };
    });
    const pids = [system.spawn(props), system.spawn(props)];
    for (const pid of pids) system.tell(pid, 'fail');
    await settle();
    expect(made).toHaveLength(4);
  });

  it('refuse a budget of nothing, with which no actor would ever have its turn', () => {
    expect(() => createTestSystem({ budget: { messages: 0 } })).toThrow(RangeError);
    expect(() => createTestSystem({ budget: { timeMs: Number.NaN } })).toThrow(RangeError);
  });
});
