import type { MessageCodec } from '@rookery/contracts/nest';
import { DomainError } from '@rookery/runtime';
import { SlabWriter, UnfitNumberError } from '@rookery/wire';

const slab = new SlabWriter(1 << 18);
const writer = slab.asBinaryWriter();
const DEEPEST = 100;

/** Encodes a message alone, under the same rules as on the link: a number that does not fit throws UnfitNumberError. */
export function encodeMessage<T>(codec: MessageCodec<T>, message: T): Buffer {
  try {
    codec.encode(message, writer);
  } catch (error) {
    slab.rollBack(0);
    throw error;
  }
  return slab.take();
}

/** What a caller is told whose request cannot be encoded; names the field where it can be found. */
export function encodingError(path: string, request: unknown, cause: unknown): DomainError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const field = cause instanceof UnfitNumberError ? fieldHolding(request, cause.value, 0) : undefined;
  return new DomainError('INVALID_REQUEST', field === undefined ? `${path}: ${reason}` : `${field}: ${reason}`, {
    kind: 'invalid-argument',
    violations: field === undefined ? [] : [{ field, description: reason }],
    cause,
  });
}

/** The path of the first field with that value: codecs know numbers of fields, not their names. */
function fieldHolding(message: unknown, value: unknown, depth: number): string | undefined {
  if (typeof message !== 'object' || message === null || depth > DEEPEST) return undefined;
  for (const [key, member] of Object.entries(message)) {
    const name = Array.isArray(message) ? `[${key}]` : key;
    if (Object.is(member, value)) return name;
    const inner = fieldHolding(member, value, depth + 1);
    if (inner !== undefined) return inner.startsWith('[') ? name + inner : `${name}.${inner}`;
  }
  return undefined;
}
