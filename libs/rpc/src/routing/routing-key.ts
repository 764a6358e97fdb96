import type { MethodDefinition } from '@rookery/contracts/nest';
import { DomainError } from '@rookery/runtime';

/** A method as the owners of its keys are found by. */
export interface RoutedMethod {
  /** The full name of its service: the kind of what has an owner. */
  readonly kind: string;
  /** The text of the field that its contract names; empty where that is missing, or there is none. */
  textOf(request: unknown): string;
}

/** Kept for as long as the definition is, so that no call splits a path. */
const compiled = new WeakMap<object, RoutedMethod>();

export function routedMethod<Req, Res>(method: MethodDefinition<Req, Res>): RoutedMethod {
  let routed = compiled.get(method);
  if (routed === undefined) {
    routed = { kind: method.path.slice(1, method.path.lastIndexOf('/')), textOf: fieldReader(method.routingKey) };
    compiled.set(method, routed);
  }
  return routed;
}

/**
 * The identity that picks the owner of a call: the contract's routing key as text, else what the caller states. A number or
 * enum is its decimal text, a bool `true` or `false`, bytes are lower-case hex. Undefined when the call has no owner.
 *
 * An empty one is the caller's mistake: nothing has an empty name, so whoever took the call would only refuse it.
 */
export function routingIdentity<Req, Res>(
  method: MethodDefinition<Req, Res>,
  request: Req,
  stated: string | undefined,
): string | undefined {
  const { routingKey } = method;
  const identity = routingKey === undefined ? stated : routedMethod(method).textOf(request);
  if (identity === '') throw namesNobody(method.path, routingKey ?? 'routingKey');
  return identity;
}

function namesNobody(path: string, field: string): DomainError {
  const violations = [{ field, description: 'must not be empty: it picks the instance that is called' }];
  return new DomainError('INVALID_REQUEST', `${path} is called by ${field}, which is empty`, {
    kind: 'invalid-argument',
    violations,
  });
}

function fieldReader(path: string | undefined): RoutedMethod['textOf'] {
  if (path === undefined) return () => '';
  const properties = path.split('.');
  const [only] = properties;
  if (properties.length === 1 && only !== undefined) return (request) => textOf(propertyOf(request, only));
  return (request) => {
    let value = request;
    for (const property of properties) value = propertyOf(value, property);
    return textOf(value);
  };
}

function propertyOf(message: unknown, property: string): unknown {
  if (typeof message !== 'object' || message === null) return undefined;
  return (message as Readonly<Record<string, unknown>>)[property];
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : '';
}
