import type { actors } from '@rookery/contracts/messages';
import { type Intake, type PeerGate, PeerNetwork, type Route, type RouteListener } from '../src/index.js';
import { FrameWriter } from '../src/remote/frame-writer.js';

/** A network on which nothing happens but what a test does. */
export class HandMadeNetwork extends PeerNetwork {
  readonly largestFrameBytes = 16 * 1024;
  readonly listeners = new Map<string, RouteListener>();
  private gate: PeerGate | undefined;

  open(address: string, listener: RouteListener): Route {
    this.listeners.set(address, listener);
    return { room: 100_000, send: () => true, close: () => undefined };
  }

  listen(gate: PeerGate): void {
    this.gate = gate;
  }

  /** Another process opens a way to here. */
  opened(from: string): Intake {
    const intake = this.gate?.opened({ from, answer: () => true, taken: () => undefined });
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
