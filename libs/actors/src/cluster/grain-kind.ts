import { DomainError } from '@rookery/runtime';
import type { GrainFactory, GrainOptions } from './grain.js';
import type { GrainContract, GrainMethod } from './grain-contract.js';

const PASSIVATE_AFTER_MS = 60_000;

/** A kind of grain that this process offers. */
export class GrainKind {
  readonly name: string;
  readonly passivateAfterMs: number;
  private readonly methods: ReadonlyMap<string, GrainMethod>;

  constructor(
    contract: GrainContract,
    readonly produce: GrainFactory,
    { passivateAfterMs = PASSIVATE_AFTER_MS }: GrainOptions,
  ) {
    if (!(passivateAfterMs >= 0)) throw new RangeError(`a grain is idle for at least 0 ms, not ${passivateAfterMs}`);
    this.name = contract.name;
    this.passivateAfterMs = passivateAfterMs;
    this.methods = new Map(contract.methods.map((method) => [method.name, method]));
  }

  /** Throws UNIMPLEMENTED for a method that the contract does not have here. */
  method(name: string): GrainMethod {
    const method = this.methods.get(name);
    if (method === undefined) throw unimplemented(this.name, name);
    return method;
  }
}

export function unimplemented(kind: string, method: string): DomainError {
  return new DomainError('UNIMPLEMENTED', `${kind} has no method ${method} here`, { kind: 'unimplemented' });
}

/** Throws INVALID_REQUEST for bytes that are no request of the method. */
export function readRequest(method: GrainMethod, payload: Uint8Array): unknown {
  try {
    return method.request.decode(payload);
  } catch (cause) {
    const message = `the request of ${method.name} cannot be read`;
    throw new DomainError('INVALID_REQUEST', message, { kind: 'invalid-argument', cause });
  }
}

/** Throws INVALID_REQUEST with each rule of the contract that the request breaks. */
export function validateRequest(method: GrainMethod, request: unknown): void {
  const violations = method.validate?.(request) ?? [];
  const [first] = violations;
  if (first === undefined) return;
  const message = `${first.field}: ${first.description}`;
  throw new DomainError('INVALID_REQUEST', message, { kind: 'invalid-argument', violations });
}
