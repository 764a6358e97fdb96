import { actors } from '@rookery/contracts/messages';
import type { SeededRandom } from '@rookery/runtime/testing';
import type { ReceiverMiddleware } from '../src/local/actor.js';
import type { SimulatedProcess } from '../src/testing/index.js';

/** A rule that is broken on purpose, so that a test sees that the laws notice. */
export type Breach =
  /** The network delivers some frames twice. */
  | 'repeats-frames'
  /** It loses some, and the connection stands. */
  | 'loses-frames'
  /** What may have arrived is told again. */
  | 'tells-again'
  /** A process acknowledges that an actor has ended, and tells nobody. */
  | 'forgets-ends'
  /** It acknowledges what shall end, and lets it go on. */
  | 'forgets-orders'
  /** A watcher is told of an end as often as it is heard of. */
  | 'repeats-ends';

/** What the process takes from others is broken in that way. */
export function breakFrames(process: SimulatedProcess, breach: Breach, random: SeededRandom): void {
  const accept = process.accept.bind(process);
  process.accept = (connection) => {
    const intake = accept(connection);
    if (intake === undefined) return undefined;
    const receive = (frame: Uint8Array): void => {
      for (const each of brokenFrames(frame, breach, random)) intake.receive(each);
    };
    return { receive, closed: (reason) => intake.closed(reason) };
  };
}

function brokenFrames(frame: Uint8Array, breach: Breach, random: SeededRandom): readonly Uint8Array[] {
  switch (breach) {
    case 'repeats-frames':
      return random.int(20) === 0 ? [frame, frame] : [frame];
    case 'loses-frames':
      return random.int(20) === 0 ? [] : [frame];
    case 'forgets-ends':
      return [withoutSignals(frame, ({ ended }) => ended !== undefined)];
    case 'forgets-orders':
      return [withoutSignals(frame, ({ poison, stop }) => poison !== undefined || stop !== undefined)];
    case 'repeats-ends':
    case 'tells-again':
      return [frame];
  }
}

/** Their numbers stay: whoever has sent them takes them for heard. */
function withoutSignals(frame: Uint8Array, isForgotten: (signal: actors.Signal) => boolean): Uint8Array {
  const { entries } = actors.Frame.decode(frame);
  if (!entries.some(({ signal }) => signal !== undefined && isForgotten(signal))) return frame;
  const kept = entries.map((entry) =>
    entry.signal !== undefined && isForgotten(entry.signal) ? { signal: { number: entry.signal.number } } : entry,
  );
  return actors.Frame.encode(actors.Frame.fromPartial({ entries: kept })).finish();
}

/** As if nobody kept account of who is watched still. */
export const hearsEndsTwice: ReceiverMiddleware = (next) => (context, envelope) => {
  const { message } = envelope;
  const isEnd = typeof message === 'object' && message !== null && 'type' in message && message.type === 'Terminated';
  if (isEnd) void next(context, envelope);
  return next(context, envelope);
};
