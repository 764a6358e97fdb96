import { beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError, type ErrorKind } from '@rookery/runtime';
import type { LogPosition } from '../event-store.port.js';
import { type EventTaker, takeEvents } from './take-events.js';

interface Numbered {
  readonly position: number;
}

const epoch = 'only';
const events = [3, 4, 5, 6].map((position) => ({ position }));
const piece = { events, end: { epoch, position: 8 } };

let from: LogPosition | undefined;
let attempts: (readonly number[])[];
beforeEach(() => {
  from = { epoch, position: 2 };
  attempts = [];
});

/** One that cannot take the event at `broken`; `owner` says whether the checkpoint is still its own. */
function taker(broken?: number, cause: unknown = new TypeError('amount is undefined'), owner = () => true) {
  const one: EventTaker<Numbered> = {
    name: 'the reader lists',
    code: 'EVENT_NOT_APPLIED',
    from: () => from,
    advance: async (taken, end) => {
      const positions = taken.map(({ position }) => position);
      attempts.push(positions);
      if (broken !== undefined && positions.includes(broken)) throw cause;
      if (!owner()) return false;
      from = end;
      return true;
    },
    describe: ({ position }) => `Added list-1@${position}`,
  };
  return one;
}

describe('events of a log', () => {
  it('are taken all at once', async () => {
    expect(await takeEvents(taker(), piece)).toBe(true);
    expect({ attempts, from }).toEqual({ attempts: [[3, 4, 5, 6]], from: piece.end });
  });

  it('are taken up to the one that cannot be, which is named', async () => {
    await expect(takeEvents(taker(5), piece)).rejects.toMatchObject({
      code: 'EVENT_NOT_APPLIED',
      message: 'the reader lists, its checkpoint at 4, waits at position 5 (Added list-1@5): amount is undefined',
    });
    expect({ attempts, from }).toEqual({ attempts: [[3, 4, 5, 6], [3], [4], [5]], from: { epoch, position: 4 } });
  });

  it('leave a checkpoint behind, also when the first of all cannot be taken', async () => {
    from = undefined;
    await expect(takeEvents(taker(3), piece)).rejects.toThrow('its checkpoint at 0, waits at position 3');
    expect(from).toEqual({ epoch, position: 0 });
  });

  it.each<ErrorKind>(['unavailable', 'aborted', 'cancelled', 'deadline-exceeded', 'resource-exhausted'])(
    'are not to blame for what is %s: it may pass by itself, and nobody has to act',
    async (kind) => {
      await expect(takeEvents(taker(5, new DomainError('AWAY', 'so it is', { kind })), piece)).rejects.toThrow(
        /^so it is$/,
      );
      expect(attempts).toHaveLength(1);
    },
  );

  it.each<ErrorKind>(['invalid-argument', 'not-found', 'internal'])('are to blame for what is %s', async (kind) => {
    const failing = takeEvents(taker(5, new DomainError('REFUSED', 'so it is', { kind })), piece);
    await expect(failing).rejects.toMatchObject({ code: 'EVENT_NOT_APPLIED' });
  });

  it('are left to whoever else moves the checkpoint', async () => {
    expect(
      await takeEvents(
        taker(6, undefined, () => attempts.length < 3),
        piece,
      ),
    ).toBe(false);
    expect(attempts).toEqual([[3, 4, 5, 6], [3], [4]]);
  });
});
