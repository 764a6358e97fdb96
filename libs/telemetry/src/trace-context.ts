import type { Random } from '@rookery/runtime';

/** The parts of a valid traceparent that this process understands. */
export interface TraceContext {
  /** 32 lower-case hex digits, not all zero. */
  readonly traceId: string;
  /** The parent's span: 16 lower-case hex digits, not all zero. */
  readonly spanId: string;
  /** Whether the caller may have recorded the trace. */
  readonly isSampled: boolean;
}

/** W3C Trace Context, level 1: the header's name, also as gRPC metadata key. */
export const TRACEPARENT = 'traceparent';

const TRACEPARENT_LENGTH = 55;
const SHAPE = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?$/;
const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);

/**
 * Reads a traceparent header by the letter of the specification: version 00 has exactly four fields; a later version
 * is read as far as 00 goes, and may go on after a dash; version ff, upper-case digits and all-zero ids are invalid.
 * An invalid header is undefined: the specification wants it ignored, not refused.
 */
export function parseTraceparent(header: string | undefined): TraceContext | undefined {
  if (header === undefined || !isTraceparent(header)) return undefined;
  return {
    traceId: header.slice(3, 35),
    spanId: header.slice(36, 52),
    isSampled: isSampled(header),
  };
}

/** Writes version 00. Of the flags only `sampled` is sent; level 1 wants the others to be zero. */
export function formatTraceparent(context: TraceContext): string {
  return `00-${context.traceId}-${context.spanId}-${context.isSampled ? '01' : '00'}`;
}

/** What a log line says of the trace it belongs to. The argument must be valid: one that `TraceIds` made or accepted. */
export function traceFields(traceparent: string | undefined): { trace_id?: string; span_id?: string } {
  if (traceparent === undefined) return {};
  return { trace_id: traceparent.slice(3, 35), span_id: traceparent.slice(36, 52) };
}

/**
 * Makes the traceparent of each span. Ids come from the process's `Random`, which is fast and not secret: an id names a
 * trace, it protects nothing.
 */
export class TraceIds {
  constructor(private readonly random: Random) {}

  /** The traceparent of the first span of a new trace. Nothing records spans yet, so by default it isn't sampled. */
  startTrace(isSampled = false): string {
    return `00-${this.digits(32)}-${this.digits(16)}-${isSampled ? '01' : '00'}`;
  }

  /** The traceparent of a new span below the one that came in; a new trace when none or an invalid one came in. */
  childOf(traceparent: string | undefined): string {
    if (traceparent === undefined || !isTraceparent(traceparent)) return this.startTrace();
    return `00-${traceparent.slice(3, 35)}-${this.digits(16)}-${isSampled(traceparent) ? '01' : '00'}`;
  }

  private digits(length: 16 | 32): string {
    let digits = '';
    while (digits.length < length) digits += this.eightDigits();
    // All zero means "no id". It is as likely as any other, so it is worth this one comparison.
    return digits === NO_TRACE || digits === NO_SPAN ? `${digits.slice(1)}1` : digits;
  }

  private eightDigits(): string {
    const bits = this.random.int(0x1_0000_0000);
    return byteDigits(bits >>> 24) + byteDigits(bits >>> 16) + byteDigits(bits >>> 8) + byteDigits(bits);
  }
}

const BYTES: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function byteDigits(bits: number): string {
  return BYTES[bits & 0xff] ?? '00';
}

function isTraceparent(header: string): boolean {
  if (!SHAPE.test(header) || header.startsWith('ff')) return false;
  if (header.startsWith('00') && header.length !== TRACEPARENT_LENGTH) return false;
  return !header.startsWith(NO_TRACE, 3) && !header.startsWith(NO_SPAN, 36);
}

function isSampled(traceparent: string): boolean {
  // The lowest bit of the last hex digit of the flags.
  return (Number.parseInt(traceparent.charAt(TRACEPARENT_LENGTH - 1), 16) & 1) === 1;
}
