import type { ActorRouteListener } from '../src/client/actor-route.port.js';
import { ActorGate, type ActorIntake, type ActorPeer, type AnswerActors } from '../src/server/actor-gate.port.js';

/** A gate that remembers what came, as text, and takes it when the test says so, or at once. */
export class RecordedGate extends ActorGate {
  readonly peers: ActorPeer[] = [];
  readonly received: string[] = [];
  readonly endings: string[] = [];
  /** Size of each frame, and the byte that all of it holds; undefined where it holds different ones. */
  readonly fills: [size: number, byte: number | undefined][] = [];
  receivedBytes = 0;
  /** Bytes that came and were not taken. */
  waitingBytes = 0;
  /** Of the link that came last. */
  answer: AnswerActors = () => false;
  private readonly sizes: number[] = [];
  private tellTaken: () => void = () => undefined;

  constructor(private readonly options: { readonly takesAtOnce?: boolean; readonly isClosed?: boolean } = {}) {
    super();
  }

  open(peer: ActorPeer, answer: AnswerActors, taken: () => void): ActorIntake | undefined {
    this.peers.push(peer);
    if (this.options.isClosed === true) return undefined;
    this.answer = answer;
    this.tellTaken = taken;
    return { receive: (payload) => this.receive(payload), closed: (reason) => this.endings.push(reason) };
  }

  /** Frames that came and were not taken. */
  get waiting(): number {
    return this.sizes.length;
  }

  /** Takes the oldest frames that came. */
  take(frames: number): void {
    for (let count = 0; count < frames; count++) {
      this.waitingBytes -= this.sizes.shift() ?? 0;
      this.tellTaken();
    }
  }

  takeAll(): void {
    this.take(this.waiting);
  }

  private receive(payload: Uint8Array): void {
    this.receivedBytes += payload.length;
    // The first bytes tell frames apart.
    this.received.push(Buffer.from(payload.subarray(0, 20)).toString());
    this.waitingBytes += payload.length;
    this.sizes.push(payload.length);
    const [byte] = payload;
    this.fills.push([payload.length, payload.every((each) => each === byte) ? byte : undefined]);
    if (this.options.takesAtOnce === true) this.take(1);
  }
}

/** What a route was told, as words in their order. */
export class RecordedRoute implements ActorRouteListener {
  readonly told: string[] = [];
  onWritable: () => void = () => undefined;

  up(): void {
    this.told.push('up');
  }

  answered(payload: Uint8Array): void {
    this.told.push(`answered ${Buffer.from(payload).toString()}`);
  }

  taken(frames: number): void {
    this.told.push(`taken ${frames}`);
  }

  writable(): void {
    this.told.push('writable');
    this.onWritable();
  }

  down(reason: string): void {
    this.told.push(`down: ${reason}`);
  }

  gone(reason: string): void {
    this.told.push(`gone: ${reason}`);
  }
}
