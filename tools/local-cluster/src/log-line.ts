/** One line that a process wrote, ready to be shown. */
export interface ShownLine {
  readonly text: string;
  readonly isBad: boolean;
  /** A log line of info or below. */
  readonly isTalk: boolean;
}

/** pino's numbers and everybody's names. */
const LEVELS: Readonly<Record<string, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

/** Fields that the prefix already tells, or that are for machines. */
const HIDDEN = new Set([
  'level',
  'time',
  'msg',
  'pid',
  'hostname',
  'service',
  'instance',
  'incarnation',
  'version',
  'name',
  'stack',
]);

/** Makes a JSON log line readable; passes every other line through. */
export function readableLine(line: string): ShownLine {
  const record = parse(line);
  if (record === undefined) return { text: line, isBad: false, isTalk: false };
  const level = LEVELS[String(record['level'])] ?? String(record['level']);
  const message = textOf(record['msg']);
  const fields = Object.entries(record).filter(([name, value]) => !HIDDEN.has(name) && !isTold(value, message));
  const tail = fields.map(([name, value]) => ` ${name}=${shown(value)}`).join('');
  const isBad = level === 'error' || level === 'fatal' || level === 'warn';
  return {
    text: `${timeOf(record['time'])} ${level.padEnd(5)} ${message}${tail}`,
    isBad,
    isTalk: !isBad,
  };
}

function parse(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value = JSON.parse(line) as Record<string, unknown>;
    return 'level' in value ? value : undefined;
  } catch {
    return undefined; // Not a log line of ours; it is shown as it came.
  }
}

function timeOf(time: unknown): string {
  const date = new Date(typeof time === 'number' || typeof time === 'string' ? time : NaN);
  return Number.isNaN(date.getTime()) ? '--:--:--' : date.toISOString().slice(11, 19);
}

/** Nothing, or an error that the message has named. */
function isTold(value: unknown, message: string): boolean {
  return value === undefined || (isError(value) && message.includes(value.message));
}

function shown(value: unknown): string {
  if (isError(value)) return JSON.stringify(value.message);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}

/** An error as our logger writes it; its stack is for the file that keeps the log, not for the screen. */
function isError(value: unknown): value is { message: string } {
  return typeof value === 'object' && value !== null && 'message' in value && 'stack' in value;
}

function textOf(message: unknown): string {
  return typeof message === 'string' ? message : JSON.stringify(message ?? '');
}
