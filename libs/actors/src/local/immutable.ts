import type { Pid } from './pid.js';

/** What is passed on as it is: it has nothing to change, or nothing that a type could forbid. */
type Whole =
  | string
  | number
  | bigint
  | boolean
  | symbol
  | null
  | undefined
  | ((...given: never[]) => unknown)
  | Date
  | Uint8Array
  | Error
  | Pid<never>;

/**
 * A message as its receiver sees it: readonly, however deep. The bytes of a `Uint8Array` and the fields of a `Date` are beyond
 * what a type can say; by agreement nobody changes them either.
 */
export type Immutable<T> = unknown extends T
  ? T
  : T extends Whole
    ? T
    : T extends ReadonlyMap<infer K, infer V>
      ? ReadonlyMap<Immutable<K>, Immutable<V>>
      : T extends ReadonlySet<infer V>
        ? ReadonlySet<Immutable<V>>
        : { readonly [K in keyof T]: Immutable<T[K]> };
