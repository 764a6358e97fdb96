/** Every part of a message that has been frozen with all it holds. */
const done = new WeakSet<object>();

/**
 * Freezes a message and all that it holds, so that what a sender changes later throws instead of being seen. Bytes cannot be
 * frozen; maps, sets and dates lose the methods that change them; what belongs to the platform (promises, signals) is left
 * alone. Never throws.
 */
export function deepFreeze(root: unknown): void {
  // Not by recursion: a message may be a chain that is deeper than the stack.
  const waiting: unknown[] = [root];
  while (waiting.length > 0) freeze(waiting.pop(), waiting);
}

function freeze(value: unknown, parts: unknown[]): void {
  const kind = Object.prototype.toString.call(value);
  if (!isObject(value) || done.has(value) || !FREEZABLE.has(kind)) return;
  done.add(value);
  if (Object.isExtensible(value)) disable(value, MUTATORS[kind] ?? []);
  Object.freeze(value);
  for (const part of partsOf(value)) parts.push(part);
}

function partsOf(value: object): unknown[] {
  const parts = Object.values(Object.getOwnPropertyDescriptors(value)).map((property): unknown => property.value);
  if (value instanceof Map) for (const [key, part] of value) parts.push(key, part);
  if (value instanceof Set) for (const part of value) parts.push(part);
  return parts;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

const MUTATORS: Readonly<Record<string, readonly string[]>> = {
  '[object Map]': ['set', 'delete', 'clear'],
  '[object Set]': ['add', 'delete', 'clear'],
  '[object Date]': Object.getOwnPropertyNames(Date.prototype).filter((name) => name.startsWith('set')),
};

const FREEZABLE = new Set(['[object Object]', '[object Array]', '[object Error]', ...Object.keys(MUTATORS)]);

function disable(value: object, methods: readonly string[]): void {
  for (const method of methods) {
    Object.defineProperty(value, method, {
      value: () => {
        throw new TypeError(`a message that was sent cannot be changed: ${method}`);
      },
    });
  }
}
