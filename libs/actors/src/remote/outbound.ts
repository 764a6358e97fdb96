import type { MessageHeaders } from '../local/message-headers.js';
import type { AnyPid, Pid } from '../local/pid.js';
import type { actors } from '@rookery/contracts/messages';
import { type AskNumbering, FrameWriter } from './frame-writer.js';
import type { Route } from './peer-network.port.js';
import type { WireType } from './wire-type.js';

/** Message, target and sender take turns. */
type Sent = unknown[];

/** The sending end of one connection. Remembers the messages of users that are not known to have arrived. */
export class Outbound {
  private readonly frames: FrameWriter;
  /** By frame, in order; a frame without messages has an empty list. */
  private inFlight: Sent[] = [];
  private inFlightFrom = 0;
  private taken = 0;
  private open: Sent = [];
  /** Full frames that wait for room. */
  private ready: Uint8Array[] = [];

  constructor(
    private readonly route: Route,
    largestFrameBytes: number,
  ) {
    this.frames = new FrameWriter(largestFrameBytes, (frame) => this.send(frame));
  }

  get hasRoom(): boolean {
    return this.ready.length === 0 && this.route.room > 0;
  }

  /** Every message of a user is known to have arrived. */
  get isQuiet(): boolean {
    return (
      this.open.length === 0 && this.inFlight.every((sent, index) => index < this.inFlightFrom || sent.length === 0)
    );
  }

  /** Throws what the codec throws; then nothing was sent. */
  tell(
    from: AskNumbering,
    to: AskNumbering,
    target: AnyPid,
    sender: Pid | undefined,
    type: WireType,
    message: unknown,
    headers: MessageHeaders,
  ): void {
    this.frames.tell(from, to, target, sender, type, message, headers);
    this.open.push(message, target, sender);
  }

  entry(entry: Partial<actors.Entry>): void {
    this.frames.entry(entry);
  }

  flush(): void {
    this.frames.flush();
  }

  /** There is room again. */
  writable(): void {
    const kept = this.ready.findIndex((frame) => !this.route.send(frame));
    this.ready = kept < 0 ? [] : this.ready.slice(kept);
  }

  /** The first `frames` frames of this connection have arrived. */
  arrived(frames: number): void {
    while (this.taken < frames && this.inFlightFrom < this.inFlight.length) {
      this.inFlight[this.inFlightFrom++] = [];
      this.taken++;
    }
    if (this.inFlightFrom < 64 || this.inFlightFrom * 2 < this.inFlight.length) return;
    this.inFlight = this.inFlight.slice(this.inFlightFrom);
    this.inFlightFrom = 0;
  }

  /** From here on everybody is spelt out anew: who is at the other end may have changed. */
  restartNames(): void {
    this.frames.restartNames();
  }

  /** Calls `lost` for each message that may not have arrived, in order, and counts on none of them any more. */
  lose(lost: (target: AnyPid, message: unknown, sender: Pid | undefined) => void): void {
    const rest = [...this.inFlight.slice(this.inFlightFrom), this.open];
    this.inFlight = this.inFlight.map(() => []);
    this.open = [];
    for (const sent of rest) {
      for (let index = 0; index < sent.length; index += 3) {
        lost(sent[index + 1] as AnyPid, sent[index], sent[index + 2] as Pid | undefined);
      }
    }
  }

  private send(frame: Uint8Array): void {
    this.inFlight.push(this.open);
    this.open = [];
    if (this.ready.length > 0 || !this.route.send(frame)) this.ready.push(frame);
  }
}
