import { ScalarType, type DescField, type DescMethod, type DescService } from '@bufbuild/protobuf';
import type { Problems } from './contract-error.js';
import type { ContractSet } from './contract-set.js';
import { resolveField } from './field-path.js';
import { tracksPresence, valueKindOf, type Rules } from './field-rules.js';
import type { AccessContract } from './method-contract.js';

const NO_IDENTITY = new Set([ScalarType.BOOL, ScalarType.BYTES, ScalarType.DOUBLE, ScalarType.FLOAT]);

/** True when the service is the protocol of a grain; what no grain can serve becomes a problem. */
export function readGrain(contracts: ContractSet, service: DescService, problems: Problems): boolean {
  if (contracts.option<boolean>(service, 'rookery.options.v1.grain') !== true) return false;
  const file = service.file.proto.name;
  if (service.methods.length === 0) {
    problems.add(file, service.typeName, 'is a grain without a method: nobody could ask it for anything');
  }
  for (const method of service.methods) {
    for (const description of faultsOf(contracts, method)) {
      problems.add(file, `${service.typeName}.${method.name}`, description);
    }
  }
  return true;
}

function faultsOf(contracts: ContractSet, method: DescMethod): string[] {
  const key = contracts.option<string>(method, 'rookery.options.v1.routing_key');
  const faults = key === undefined ? withoutKey(contracts, method) : withKey(contracts, method, key);
  if (method.methodKind === 'unary') return faults;
  return [
    'streams, and its service is a grain: a grain takes one message at a time and would take no other while the stream is open',
    ...faults,
  ];
}

/** Without an identity in the request nobody but a grain client can say which grain is meant. */
function withoutKey(contracts: ContractSet, method: DescMethod): string[] {
  if (contracts.option(method, 'google.api.http') !== undefined) {
    return ['has an http route and no routing_key, so the gateway could not tell which grain is meant'];
  }
  const access = contracts.option<AccessContract>(method, 'rookery.options.v1.access');
  if (access === undefined || access.internal) return [];
  return ['has no routing_key, so only grain clients within the system can call it: its access must be internal'];
}

/** The key is the grain's identity. One that names no single value is refused for any service. */
function withKey(contracts: ContractSet, method: DescMethod, key: string): string[] {
  const found = resolveField(method.input, key);
  if ('error' in found) return [];
  const type = found.field.scalar;
  const faults =
    type !== undefined && NO_IDENTITY.has(type)
      ? [
          `its routing_key "${key}" names a ${ScalarType[type].toLowerCase()}; an identity is a string or a whole number`,
        ]
      : [];
  const open = found.fields.filter((field) => mayBeAbsent(contracts, field)).map(({ name }) => name);
  if (open.length === 0) return faults;
  return [
    ...faults,
    `its routing_key "${key}" may be absent, and no grain is without identity: require ${open.join(' and ')}`,
  ];
}

/** A number is always there; 0 is an identity like any other. */
function mayBeAbsent(contracts: ContractSet, field: DescField): boolean {
  if (contracts.option<Rules>(field, 'rookery.options.v1.rules')?.required === true) return false;
  return tracksPresence(field) || valueKindOf(field) === 'string';
}
