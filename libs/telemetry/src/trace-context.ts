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

/** W3C Trace Context, level 2: the header's name, also as gRPC metadata key. */
export const TRACEPARENT = 'traceparent';

const TRACEPARENT_LENGTH = 55;
const TRACE_AT = 3;
const SPAN_AT = 36;
const FLAGS_AT = 53;
const DASH = 0x2d;
const ZERO = 0x30;

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

/** Writes version 00, of the flags `sampled` alone. */
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
    // A trace id is longer than what must not be all zero: one half that is an id is enough.
    return `00-${this.id()}${this.id()}-${this.id()}${isSampled ? '-01' : '-00'}`;
  }

  /** The traceparent of a new span below the one that came in; a new trace when none or an invalid one came in. */
  childOf(traceparent: string | undefined): string {
    if (traceparent === undefined || !isTraceparent(traceparent)) return this.startTrace();
    return '00' + traceparent.slice(2, SPAN_AT) + this.id() + flagsOf(traceparent);
  }

  /** Sixteen digits, not all zero: that would mean "no id", and is as likely as any other. */
  private id(): string {
    const high = this.random.int(0x1_0000_0000) | 0;
    const low = this.random.int(0x1_0000_0000) | 0;
    return high === 0 && low === 0 ? FIRST_ID : eightDigits(high) + eightDigits(low);
  }
}

const FIRST_ID = '0000000000000001';
const BYTES: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function eightDigits(bits: number): string {
  return byteDigits(bits >>> 24) + byteDigits(bits >>> 16) + byteDigits(bits >>> 8) + byteDigits(bits);
}

function byteDigits(bits: number): string {
  return BYTES[bits & 0xff] ?? '00';
}

function isTraceparent(header: string): boolean {
  return (
    isVersioned(header) &&
    header.charCodeAt(2) === DASH &&
    header.charCodeAt(SPAN_AT - 1) === DASH &&
    header.charCodeAt(FLAGS_AT - 1) === DASH &&
    isHex(header, TRACE_AT, SPAN_AT - 1) &&
    isHex(header, SPAN_AT, FLAGS_AT - 1) &&
    isHex(header, FLAGS_AT, TRACEPARENT_LENGTH) &&
    !isZero(header, TRACE_AT, SPAN_AT - 1) &&
    !isZero(header, SPAN_AT, FLAGS_AT - 1)
  );
}

function isVersioned(header: string): boolean {
  if (header.length < TRACEPARENT_LENGTH || !isHex(header, 0, 2)) return false;
  if (header.startsWith('00')) return header.length === TRACEPARENT_LENGTH;
  const isLonger = header.length > TRACEPARENT_LENGTH;
  return !header.startsWith('ff') && (!isLonger || header.charCodeAt(TRACEPARENT_LENGTH) === DASH);
}

function isHex(text: string, from: number, to: number): boolean {
  for (let index = from; index < to; index++) {
    const code = text.charCodeAt(index);
    const isDigit = (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66);
    if (!isDigit) return false;
  }
  return true;
}

function isZero(text: string, from: number, to: number): boolean {
  for (let index = from; index < to; index++) if (text.charCodeAt(index) !== ZERO) return false;
  return true;
}

const SAMPLED = 1;
const FLAGS = ['-00', '-01', '-02', '-03'] as const;

/** The flags that have a meaning, sampled and random trace id; all others must be sent as zero. */
function flagsOf(traceparent: string): string {
  return FLAGS[lastDigit(traceparent) & 3] ?? FLAGS[0];
}

function isSampled(traceparent: string): boolean {
  return (lastDigit(traceparent) & SAMPLED) !== 0;
}

function lastDigit(traceparent: string): number {
  const code = traceparent.charCodeAt(TRACEPARENT_LENGTH - 1);
  return code < 0x61 ? code - ZERO : code - 0x57;
}
