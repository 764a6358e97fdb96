import { TranscodingError, quoted } from './transcoding-error.js';
import { FIRST_SECOND, LARGEST_DURATION_SECONDS, LAST_SECOND, NANOS_PER_SECOND } from './well-known-types.js';

interface Time {
  readonly seconds: number;
  readonly nanos: number;
}

const RFC_3339 = /^(\d{4}-\d\d-\d\d)[Tt]((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)$/;
const SECONDS_TEXT = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/;

function nanosOf(digits: string | undefined): number {
  return digits === undefined ? 0 : Number(digits.padEnd(9, '0'));
}

/** Parses RFC 3339 with up to nine digits of a second. */
export function parseTimestamp(text: string): Time {
  const match = RFC_3339.exec(text);
  const milliseconds = match === null ? NaN : Date.parse(`${match[1]}T${match[2]}${match[4]?.toUpperCase()}`);
  if (match === null || Number.isNaN(milliseconds) || !isCalendarDay(match[1])) {
    throw new TranscodingError(`expected a time such as 2026-01-31T12:00:00Z, got ${quoted(text)}`);
  }
  const seconds = milliseconds / 1000;
  if (seconds < FIRST_SECOND || seconds > LAST_SECOND)
    throw new TranscodingError('the time is outside the years 1 to 9999');
  return { seconds, nanos: nanosOf(match[3]) };
}

/** `Date.parse` rolls 30 February over into March; a contract does not. */
function isCalendarDay(day: string | undefined): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(`${day}T`);
}

/** Parses seconds with up to nine digits after the point and an `s` at the end. */
export function parseDuration(text: string): Time {
  const match = SECONDS_TEXT.exec(text);
  if (match === null) throw new TranscodingError(`expected seconds such as 1.5s, got ${quoted(text)}`);
  const seconds = Number(match[2]);
  const nanos = nanosOf(match[3]);
  if (seconds + nanos / NANOS_PER_SECOND > LARGEST_DURATION_SECONDS) {
    throw new TranscodingError(`the duration is longer than ${LARGEST_DURATION_SECONDS} s`);
  }
  return match[1] === '-' ? { seconds: -seconds, nanos: -nanos } : { seconds, nanos };
}

/** RFC 3339 in UTC with 0, 3, 6 or 9 digits of a second. */
export function timestampText(seconds: number, nanos: number): string {
  const isInside = seconds >= FIRST_SECOND && seconds <= LAST_SECOND && nanos >= 0 && nanos < NANOS_PER_SECOND;
  if (!isInside) throw new RangeError(`a timestamp of ${seconds} s and ${nanos} ns has no RFC 3339 form`);
  const day = Math.floor(seconds / SECONDS_PER_DAY);
  return `${dayText(day)}${clockText(seconds - day * SECONDS_PER_DAY)}${fractionText(nanos)}Z`;
}

const SECONDS_PER_DAY = 86_400;
let lastDay = { number: 0, text: '1970-01-01T' };

/** Times are mostly of the same day, and its text is what takes long. */
function dayText(day: number): string {
  if (day !== lastDay.number) {
    lastDay = { number: day, text: new Date(day * SECONDS_PER_DAY * 1000).toISOString().slice(0, 11) };
  }
  return lastDay.text;
}

function clockText(second: number): string {
  const minute = Math.floor(second / 60);
  return `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}:${twoDigits(second % 60)}`;
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

export function durationText(seconds: number, nanos: number): string {
  const isInside = Math.abs(seconds) <= LARGEST_DURATION_SECONDS && Math.abs(nanos) < NANOS_PER_SECOND;
  if (!isInside || seconds * nanos < 0)
    throw new RangeError(`a duration of ${seconds} s and ${nanos} ns is out of range`);
  const sign = seconds < 0 || nanos < 0 ? '-' : '';
  return `${sign}${Math.abs(seconds)}${fractionText(Math.abs(nanos))}s`;
}

function fractionText(nanos: number): string {
  if (nanos === 0) return '';
  const digits = String(nanos).padStart(9, '0');
  if (digits.endsWith('000000')) return `.${digits.slice(0, 3)}`;
  return `.${digits.endsWith('000') ? digits.slice(0, 6) : digits}`;
}
