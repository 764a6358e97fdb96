import { BODY_BYTES } from './remote-workloads.js';

/** The wire of the bare stream: a frame is a header of 13 bytes, as an envelope would need, and a body of 64. */
const HEADER_BYTES = 13;
const FRAME_BYTES = HEADER_BYTES + BODY_BYTES;
/** Of one write. */
const FRAMES_OF_WRITE = 800;

export const Kind = { ITEM: 0, PING: 1, PONG: 2, REPORT: 3, COUNT: 4 } as const;

/** Either end of the bidirectional stream. */
export interface FrameStream {
  on(event: 'data', listener: (frames: Buffer) => void): unknown;
  on(event: 'drain', listener: () => void): unknown;
  write(frames: Buffer): boolean;
}

export const METHOD = {
  path: '/bench.Floor/Open',
  requestStream: true,
  responseStream: true,
  requestSerialize: (frames: Buffer): Buffer => frames,
  requestDeserialize: (frames: Buffer): Buffer => frames,
  responseSerialize: (frames: Buffer): Buffer => frames,
  responseDeserialize: (frames: Buffer): Buffer => frames,
} as const;

/** Collects frames and writes them once per turn of the event loop, or when there are enough for a write. */
export class FrameWriter {
  private batch = Buffer.allocUnsafe(FRAMES_OF_WRITE * FRAME_BYTES);
  private used = 0;
  private isFlushDue = false;
  private onDrain: (() => void) | undefined;
  /** Whether the stream has said to wait. */
  isFull = false;

  constructor(private readonly stream: FrameStream) {
    stream.on('drain', () => {
      this.isFull = false;
      this.onDrain?.();
    });
  }

  push(kind: number, value: number, body: Buffer): void {
    const { batch, used } = this;
    batch[used] = kind;
    batch.writeUInt32LE(BODY_BYTES, used + 1);
    batch.writeDoubleLE(value, used + 5);
    body.copy(batch, used + HEADER_BYTES);
    this.used = used + FRAME_BYTES;
    if (this.used === batch.length) this.flush();
    else if (!this.isFlushDue) {
      this.isFlushDue = true;
      setImmediate(() => {
        this.isFlushDue = false;
        this.flush();
      });
    }
  }

  /** Resolves when the stream, which is full, takes more. */
  untilDrained(): Promise<void> {
    return new Promise((resolve) => (this.onDrain = resolve));
  }

  private flush(): void {
    if (this.used === 0) return;
    this.isFull = !this.stream.write(this.batch.subarray(0, this.used));
    this.batch = Buffer.allocUnsafe(FRAMES_OF_WRITE * FRAME_BYTES);
    this.used = 0;
  }
}

/** Calls `onFrame` for each frame that comes; a message of the stream holds whole frames. */
export function readFrames(stream: FrameStream, onFrame: (kind: number, value: number, body: Buffer) => void): void {
  stream.on('data', (frames: Buffer) => {
    for (let at = 0; at < frames.length; at += FRAME_BYTES) {
      const body = frames.subarray(at + HEADER_BYTES, at + FRAME_BYTES);
      onFrame(frames[at] ?? -1, frames.readDoubleLE(at + 5), body);
    }
  });
}
