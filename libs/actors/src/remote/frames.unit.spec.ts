import { describe, expect, it } from '@jest/globals';
import { actors, pricing } from '@rookery/contracts/messages';
import * as fc from 'fast-check';
import { NO_HEADERS } from '../local/message-headers.js';
import { Pid } from '../local/pid.js';
import { readFrame } from './frame-reader.js';
import { type AskNumbering, FrameWriter } from './frame-writer.js';
import { MAX_NUMBERS, NumberTable } from './number-table.js';

const LIMIT = 2000;
const type = { number: 3, name: 'Price', codec: pricing.GetPriceRequest };
const from: AskNumbering = { address: 'a', askOrigin: 1000 };
const to: AskNumbering = { address: 'b', askOrigin: 2 ** 50 };

interface Letter {
  readonly target: Pid;
  readonly sender: Pid | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly sku: string;
}

const pid = (address: string): fc.Arbitrary<Pid> =>
  fc
    .record({ id: fc.constantFrom('x', 'cart/$1', '$ask'), incarnation: fc.integer({ min: 1, max: 2 ** 52 }) })
    .map(({ id, incarnation }) => new Pid(address, id, incarnation));

const letter: fc.Arbitrary<Letter> = fc.record({
  target: pid('b'),
  sender: fc.option(fc.oneof(pid('a'), pid('c')), { nil: undefined }),
  headers: fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }),
  sku: fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ minLength: 3000, maxLength: 9000 })),
});

function written(letters: readonly Letter[]): Uint8Array[] {
  const frames: Uint8Array[] = [];
  const writer = new FrameWriter(LIMIT, (frame) => frames.push(frame));
  for (const { headers, sender, sku, target } of letters) {
    writer.tell(from, to, target, sender, type, { type: 'Price', sku, currency: 'EUR' }, headers);
  }
  writer.flush();
  return frames;
}

/** Reads frames by the generated codec alone. */
function readByContract(frames: readonly Uint8Array[]): Letter[] {
  const pids = new Map<number, Pid>();
  const letters: Letter[] = [];
  let chunks: Uint8Array[] = [];
  const take = (frame: actors.Frame): void => {
    for (const { chunk, pidName, tell } of frame.entries) {
      if (pidName?.pid !== undefined) pids.set(pidName.number, pidOf(pidName.pid));
      if (tell !== undefined) letters.push(letterOf(tell, pids));
      if (chunk === undefined) continue;
      chunks.push(chunk.part);
      if (!chunk.isLast) continue;
      take(actors.Frame.decode(Buffer.concat(chunks)));
      chunks = [];
    }
  };
  for (const frame of frames) take(actors.Frame.decode(frame));
  return letters;
}

function pidOf({ address, id, incarnation }: actors.Pid): Pid {
  return new Pid(address === '' ? 'a' : address, id, incarnation);
}

function letterOf(tell: actors.Tell, pids: ReadonlyMap<number, Pid>): Letter {
  const ask = (of: AskNumbering, number: number): Pid | undefined =>
    number === 0 ? undefined : new Pid(of.address, '$ask', of.askOrigin + number);
  return {
    target: pids.get(tell.target) ?? ask(to, tell.targetAsk) ?? new Pid('', '', 0),
    sender: pids.get(tell.sender) ?? ask(from, tell.senderAsk),
    headers: tell.headers,
    sku: pricing.GetPriceRequest.decode(tell.body).sku,
  };
}

const shown = ({ headers, sender, sku, target }: Letter): unknown => [
  String(target),
  String(sender),
  { ...headers },
  sku,
];

describe('frames', () => {
  it('say by the contract what was written by hand, whole and in order, and keep to their size', () => {
    fc.assert(
      fc.property(fc.array(letter, { maxLength: 40 }), (letters) => {
        const frames = written(letters);
        expect(Math.max(0, ...frames.map(({ length }) => length))).toBeLessThanOrEqual(LIMIT);
        expect(readByContract(frames).map(shown)).toEqual(letters.map(shown));
      }),
    );
  });

  it('are read by hand as the contract reads them', () => {
    const entries = fc.array(
      fc.record({
        ...{ target: fc.nat(), targetAsk: fc.maxSafeNat(), sender: fc.nat(), senderAsk: fc.maxSafeNat() },
        ...{ type: fc.nat(), headers: fc.dictionary(fc.string(), fc.string()), body: fc.uint8Array() },
      }),
    );
    fc.assert(
      fc.property(entries, (tells) => {
        const seen: unknown[] = [];
        const frame = actors.Frame.fromPartial({ entries: tells.map((tell) => ({ tell })) });
        const bytes = actors.Frame.encode(frame).finish();
        readFrame(bytes, {
          onTell: ({ bodyBytes, headers, reader, ...tell }) => {
            const body = Array.from({ length: bodyBytes }, () => Number(bytes[reader.pos++]));
            seen.push({ ...tell, headers: { ...headers }, body });
          },
          onEntry: (entry) => seen.push(entry),
        });
        expect(seen).toEqual(
          frame.entries.map(({ tell }) => ({ ...tell, headers: { ...tell?.headers }, body: [...(tell?.body ?? [])] })),
        );
      }),
    );
  });

  it('hold nothing of a message that could not be encoded', () => {
    const frames: Uint8Array[] = [];
    const writer = new FrameWriter(LIMIT, (frame) => frames.push(frame));
    const target = new Pid('b', 'x', 5);
    const bad = {
      ...type,
      codec: {
        ...type.codec,
        encode: () => {
          throw new RangeError('unfit');
        },
      },
    };
    expect(() => writer.tell(from, to, target, undefined, bad, {}, NO_HEADERS)).toThrow('unfit');
    writer.tell(from, to, target, undefined, type, { sku: 'tea', currency: '' }, NO_HEADERS);
    writer.flush();
    expect(readByContract(frames).map(({ sku }) => sku)).toEqual(['tea']);
  });

  it('do not make the reader throw anything but errors, whatever the bytes', () => {
    const listener = { onTell: () => undefined, onEntry: () => undefined };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          readFrame(bytes, listener);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
    );
  });
});

describe('the numbers of Pids', () => {
  it('are given anew when there are no more, and the one numbered longest ago loses its own', () => {
    const table = new NumberTable();
    const pids = Array.from({ length: MAX_NUMBERS + 1 }, (_, index) => new Pid('b', 'x', index + 1));
    const numbers = pids.map((one) => table.assign(one));
    expect(numbers.at(-1)).toBe(1);
    expect(pids.map((one) => table.numberOf(one)).filter((number) => number === 0)).toHaveLength(1);
    expect(table.numberOf(pids[1] as Pid)).toBe(2);
  });

  it('stay what they are while a message needs them: its new sender takes no number from its target', () => {
    const others = Array.from({ length: MAX_NUMBERS }, (_, index) => new Pid('b', 'x', index + 1));
    const letters = [...others, others[0] as Pid].map((target) => ({
      target,
      sender: undefined,
      headers: {},
      sku: '',
    }));
    const sender = new Pid('a', 'y', 1);
    const last = { ...(letters.at(-1) as Letter), sender };
    expect(readByContract(written([...letters.slice(0, -1), last])).at(-1)).toMatchObject(last);
  });
});
