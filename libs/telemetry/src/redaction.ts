/** What stands in a log line instead of a secret. */
export const REDACTED = '[redacted]';

/** Deep enough for any object worth logging; what lies deeper is cut, so that a log line cannot grow without end. */
const MAX_DEPTH = 6;

const SECRET_NAME = /authorization|cookie|credential|password|secret|token|(?:api|private)[-_]?key/i;

/**
 * Replaces the values of fields whose name says that they are secret, at any depth. Copies only what it changes, and
 * leaves class instances alone: those are printed by their own serializer or `toJSON`.
 */
export function redactFields(fields: Record<string, unknown>): Record<string, unknown> {
  return redactRecord(fields, 0);
}

const CREDENTIALS = /\b(Bearer|Basic) [\w.~+/=-]{8,}|\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g;

/** Replaces bearer credentials and JWTs wherever they stand in a finished line: in a message, a URL, a stack. */
export function redactLine(line: string): string {
  if (!line.includes('eyJ') && !line.includes('Bearer ') && !line.includes('Basic ')) return line;
  return line.replace(CREDENTIALS, (_, scheme: string | undefined) =>
    scheme === undefined ? REDACTED : `${scheme} ${REDACTED}`,
  );
}

function redactRecord(fields: Record<string, unknown>, depth: number): Record<string, unknown> {
  let copy: Record<string, unknown> | undefined;
  for (const [name, value] of Object.entries(fields)) {
    const printable = SECRET_NAME.test(name) && isSecret(value) ? REDACTED : redactValue(value, depth + 1);
    if (printable === value) continue;
    copy ??= { ...fields };
    copy[name] = printable;
  }
  return copy ?? fields;
}

/** `token_count: 3` and `hasSecret: true` are no secrets. */
function isSecret(value: unknown): boolean {
  return value !== undefined && value !== null && typeof value !== 'number' && typeof value !== 'boolean';
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return depth > MAX_DEPTH ? '[…]' : value.map((item) => redactValue(item, depth + 1));
  if (!isPlain(value)) return value;
  return depth > MAX_DEPTH ? '{…}' : redactRecord(value, depth);
}

function isPlain(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
