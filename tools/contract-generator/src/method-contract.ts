import { MethodOptions_IdempotencyLevel as Level } from '@bufbuild/protobuf/wkt';
import type { DescMethod } from '@bufbuild/protobuf';
import type { Problems } from './contract-error.js';
import type { ContractSet } from './contract-set.js';
import { resolveField } from './field-path.js';
import { isWellKnown } from './naming.js';

export interface AccessContract {
  readonly scopes: readonly string[];
  readonly public: boolean;
  readonly internal: boolean;
}

/** What a method's options say, checked. */
export interface MethodContract {
  readonly access: AccessContract;
  readonly idempotency: 'unknown' | 'idempotent' | 'no-side-effects';
  /** The path of properties; undefined when no field picks the owner. */
  readonly routingKey: string | undefined;
}

const OPEN: AccessContract = { scopes: [], public: true, internal: false };

/** Names that mean something to JavaScript or Nest when they are methods of a controller or client. */
const RESERVED = new Set([
  'constructor',
  'then',
  'toJSON',
  'onModuleInit',
  'onModuleDestroy',
  'onApplicationBootstrap',
  'onApplicationShutdown',
  'beforeApplicationShutdown',
]);

export function readMethod(contracts: ContractSet, method: DescMethod, problems: Problems): MethodContract {
  if (RESERVED.has(propertyOfMethod(method))) {
    refuse(problems, method, `the name ${method.name} has a meaning of its own in JavaScript or Nest; choose another`);
  }
  return {
    access: readAccess(contracts, method, problems),
    idempotency: idempotencyOf(method),
    routingKey: readRoutingKey(contracts, method, problems),
  };
}

/** The name of the method of a client or controller. */
export function propertyOfMethod(method: DescMethod): string {
  return method.name.charAt(0).toLowerCase() + method.name.slice(1);
}

function idempotencyOf(method: DescMethod): MethodContract['idempotency'] {
  if (method.idempotency === Level.NO_SIDE_EFFECTS) return 'no-side-effects';
  return method.idempotency === Level.IDEMPOTENT ? 'idempotent' : 'unknown';
}

function readAccess(contracts: ContractSet, method: DescMethod, problems: Problems): AccessContract {
  const access = contracts.option<AccessContract>(method, 'rookery.options.v1.access');
  if (access === undefined) {
    if (isWellKnown(method.parent.file.proto.package)) return OPEN;
    refuse(problems, method, 'says not who may call: set (rookery.options.v1.access) to scopes, public or internal');
    return OPEN;
  }
  checkAccess(access, method, problems);
  return access;
}

function checkAccess({ scopes, ...flags }: AccessContract, method: DescMethod, problems: Problems): void {
  const said = [scopes.length > 0, flags.public, flags.internal].filter(Boolean).length;
  if (said === 0) refuse(problems, method, 'its access is empty: name scopes, or set public or internal');
  if (said > 1) refuse(problems, method, 'its access takes one of scopes, public and internal, not several');
  const unusable = scopes.filter((scope) => !/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope));
  for (const scope of unusable)
    refuse(problems, method, `the scope "${scope}" is empty or holds a character no token can`);
  if (new Set(scopes).size < scopes.length) refuse(problems, method, 'its access names a scope twice');
}

function readRoutingKey(contracts: ContractSet, method: DescMethod, problems: Problems): string | undefined {
  const key = contracts.option<string>(method, 'rookery.options.v1.routing_key');
  if (key === undefined) return undefined;
  if (method.methodKind !== 'unary') {
    refuse(problems, method, 'a routing_key needs one request and one response; streams have no single owner');
  }
  const found = resolveField(method.input, key);
  if ('error' in found) {
    refuse(problems, method, `its routing_key "${key}" ${found.error}`);
    return undefined;
  }
  if (found.field.fieldKind !== 'scalar') {
    refuse(
      problems,
      method,
      `its routing_key "${key}" names a ${found.field.fieldKind} field; a single string or number is needed`,
    );
  }
  return found.properties.join('.');
}

function refuse(problems: Problems, method: DescMethod, description: string): void {
  problems.add(method.parent.file.proto.name, `${method.parent.typeName}.${method.name}`, description);
}
