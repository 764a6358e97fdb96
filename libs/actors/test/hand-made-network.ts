import type { actors } from '@rookery/contracts/messages';
import { type Intake, type PeerGate, PeerNetwork, type Route, type RouteListener } from '../src/index.js';
import { readFrame } from '../src/remote/frame-reader.js';
import { FrameWriter } from '../src/remote/frame-writer.js';

/** A network on which nothing happens but what a test does. */
export class HandMadeNetwork extends PeerNetwork {
  readonly largestFrameBytes = 16 * 1024;
  readonly listeners = new Map<string, RouteListener>();
  /** Frames to each process. */
  readonly sent: Uint8Array[] = [];
  /** Frames back to whoever has opened a way to here. */
  readonly answers: Uint8Array[] = [];
  takesAnswers = true;
  private gate: PeerGate | undefined;

  open(address: string, listener: RouteListener): Route {
    this.listeners.set(address, listener);
    const send = (frame: Uint8Array): boolean => this.sent.push(Uint8Array.from(frame)) > 0;
    return { room: 100_000, send, close: () => undefined };
  }

  listen(gate: PeerGate): void {
    this.gate = gate;
  }

  /** Another process opens a way to here. */
  opened(from: string): Intake {
    const answer = (frame: Uint8Array): boolean => this.takesAnswers && this.answers.push(Uint8Array.from(frame)) > 0;
    const intake = this.gate?.opened({ from, answer, taken: () => undefined });
    if (intake === undefined) throw new Error('nobody listens');
    return intake;
  }
}

/** One frame with these entries. */
export function frameOf(...entries: readonly Partial<actors.Entry>[]): Uint8Array {
  let frame = new Uint8Array();
  const writer = new FrameWriter(64 * 1024, (written) => (frame = Uint8Array.from(written)));
  for (const entry of entries) writer.entry(entry);
  writer.flush();
  return frame;
}

/** What stands in the frames, but for messages of users. */
export function entriesOf(frames: readonly Uint8Array[]): actors.Entry[] {
  const entries: actors.Entry[] = [];
  const listener = { onTell: () => undefined, onEntry: (entry: actors.Entry) => void entries.push(entry) };
  for (const frame of frames) readFrame(frame, listener);
  return entries;
}
