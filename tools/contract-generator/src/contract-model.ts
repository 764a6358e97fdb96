import type { DescField, DescFile, DescMessage, DescMethod, DescService } from '@bufbuild/protobuf';
import { Problems, type Problem } from './contract-error.js';
import { messagesOf, type ContractSet } from './contract-set.js';
import { readRules, type Rules } from './field-rules.js';
import { readGrain } from './grain-contract.js';
import { HttpRoutes } from './http-route.js';
import { readMethod, type MethodContract } from './method-contract.js';
import { grainNameOf, identifierOf, isWellKnown, namespaceOf, propertyOf } from './naming.js';

/** The contracts with their options read and checked: what the emitters write from. */
export interface ContractModel {
  readonly contracts: ContractSet;
  /** Files with messages or enums of which modules are written: those in proto/ and those they refer to. */
  readonly messageFiles: readonly DescFile[];
  readonly methods: ReadonlyMap<DescMethod, MethodContract>;
  /** The services that are the protocol of a grain. */
  readonly grains: ReadonlySet<DescService>;
  readonly rules: ReadonlyMap<DescField, Rules>;
  /** Messages that hold a rule, at whatever depth. */
  readonly ruled: ReadonlySet<DescMessage>;
  /** What is odd and allowed. */
  readonly notes: readonly Problem[];
}

/** Reads everything, then throws a ContractError that lists all that is wrong. */
export function readModel(contracts: ContractSet): ContractModel {
  const problems = new Problems();
  const methods = new Map<DescMethod, MethodContract>();
  const grains = new Set<DescService>();
  const routes = new HttpRoutes(contracts, problems);
  for (const service of contracts.services) {
    checkPackage(service, problems);
    if (readGrain(contracts, service, problems)) grains.add(service);
    for (const method of service.methods) {
      methods.set(method, readMethod(contracts, method, problems));
      routes.check(method);
    }
  }
  const needed = neededFiles(contracts);
  const messageFiles = contracts.files.filter((file) => needed.has(file) && hasTypes(file));
  const rules = readAllRules(contracts, problems);
  checkNamespaces(messageFiles, problems);
  checkServiceNames(contracts, grains, problems);
  checkFieldNames(contracts, problems);
  problems.refuse();
  const ruled = ruledMessages(contracts, rules);
  return { contracts, messageFiles, methods, grains, rules, ruled, notes: problems.notes };
}

function hasTypes(file: DescFile): boolean {
  return file.messages.length > 0 || file.enums.length > 0;
}

/** The files in proto/ and those whose messages they refer to; options alone need no module. */
function neededFiles(contracts: ContractSet): ReadonlySet<DescFile> {
  const needed = new Set(contracts.own);
  for (const file of needed) {
    const fields = messagesOf(file).flatMap((message) => message.fields);
    for (const field of fields) {
      const type = field.message ?? field.enum;
      if (type !== undefined) needed.add(type.file);
    }
    for (const { input, output } of file.services.flatMap((service) => service.methods)) {
      needed.add(input.file).add(output.file);
    }
  }
  return needed;
}

function readAllRules(contracts: ContractSet, problems: Problems): Map<DescField, Rules> {
  const rules = new Map<DescField, Rules>();
  for (const field of contracts.own.flatMap(messagesOf).flatMap((message) => message.fields)) {
    const found = readRules(contracts, field, problems);
    if (found !== undefined) rules.set(field, found);
  }
  return rules;
}

/** Grows until nothing is added: messages may refer to each other in circles. */
function ruledMessages(contracts: ContractSet, rules: ReadonlyMap<DescField, Rules>): ReadonlySet<DescMessage> {
  const ruled = new Set<DescMessage>();
  const all = contracts.own.flatMap(messagesOf);
  const holdsRule = (message: DescMessage): boolean =>
    message.fields.some((field) => rules.has(field) || (field.message !== undefined && ruled.has(field.message)));
  let before = -1;
  while (ruled.size > before) {
    before = ruled.size;
    for (const message of all) if (holdsRule(message)) ruled.add(message);
  }
  return ruled;
}

/** A service of ours says by its package how the registry calls it. */
function checkPackage(service: DescService, problems: Problems): void {
  const protoPackage = service.file.proto.package;
  if (isWellKnown(protoPackage) || /^rookery\.[a-z][a-z0-9_]*\.v[1-9]\d*$/.test(protoPackage)) return;
  problems.add(
    service.file.proto.name,
    service.typeName,
    `the package ${protoPackage || '(none)'} gives the service no name in the registry: expected rookery.<service>.v<number>`,
  );
}

function checkNamespaces(messageFiles: readonly DescFile[], problems: Problems): void {
  const namespaces = new Map<string, string>();
  for (const { proto } of messageFiles) {
    const namespace = namespaceOf(proto.package);
    const owner = namespaces.get(namespace) ?? proto.package;
    if (owner !== proto.package) problems.add(proto.name, proto.package, `the name ${namespace} is taken by ${owner}`);
    namespaces.set(namespace, owner);
  }
}

/** Generated names must not meet; what is written for a grain is called after the service as well. */
function checkServiceNames(contracts: ContractSet, grains: ReadonlySet<DescService>, problems: Problems): void {
  const owners = new Map<string, string>();
  for (const service of contracts.services) {
    const names = grains.has(service) ? [identifierOf(service), grainNameOf(service)] : [identifierOf(service)];
    for (const name of names) {
      const owner = owners.get(name);
      owners.set(name, service.typeName);
      if (owner === undefined) continue;
      const description = `the name ${name} is taken by ${owner}: generated classes are called after it`;
      problems.add(service.file.proto.name, service.typeName, description);
    }
  }
}

/** A field must be called alike in JSON and in TypeScript. */
function checkFieldNames(contracts: ContractSet, problems: Problems): void {
  for (const field of contracts.own.flatMap(messagesOf).flatMap((message) => message.fields)) {
    if (propertyOf(field) === field.jsonName) continue;
    const description = `is ${field.jsonName} in JSON and ${propertyOf(field)} in TypeScript: choose a plain snake_case name`;
    problems.add(field.parent.file.proto.name, `${field.parent.typeName}.${field.name}`, description);
  }
}
