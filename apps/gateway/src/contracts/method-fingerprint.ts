import { createHash, type Hash } from 'node:crypto';

import {
  type DescEnum,
  type DescField,
  type DescMessage,
  type DescMethod,
  type Registry,
  toBinary,
} from '@bufbuild/protobuf';
import {
  DescriptorProtoSchema,
  EnumDescriptorProtoSchema,
  FileOptionsSchema,
  MethodDescriptorProtoSchema,
} from '@bufbuild/protobuf/wkt';

/**
 * Equal for a method in two contracts when nothing that a caller could notice differs: its options and every type that
 * its request and its response can reach.
 */
export function methodFingerprint(method: DescMethod, registry: Registry): string {
  const hash = createHash('sha256');
  hash.update(method.parent.typeName).update(toBinary(MethodDescriptorProtoSchema, method.proto));
  for (const type of [...reachable(method, registry).values()].sort(byName)) addType(hash, type);
  return hash.digest('base64url');
}

type Type = DescMessage | DescEnum;

function byName(left: Type, right: Type): number {
  return left.typeName < right.typeName ? -1 : 1;
}

function addType(hash: Hash, type: Type): void {
  const { edition, proto } = type.file;
  const bytes =
    type.kind === 'enum'
      ? toBinary(EnumDescriptorProtoSchema, type.proto)
      : toBinary(DescriptorProtoSchema, type.proto);
  hash.update(`${type.typeName} ${edition} ${bytes.length} `).update(bytes);
  if (proto.options !== undefined) hash.update(toBinary(FileOptionsSchema, proto.options));
}

function reachable(method: DescMethod, registry: Registry): ReadonlyMap<string, Type> {
  const types = new Map<string, Type>();
  const queue: Type[] = [method.input, method.output];
  for (let type = queue.pop(); type !== undefined; type = queue.pop()) {
    if (types.has(type.typeName)) continue;
    types.set(type.typeName, type);
    if (type.kind === 'enum') continue;
    for (const field of type.fields) queue.push(...typesOf(field));
    // An Any may hold whatever the contract knows.
    if (type.typeName === 'google.protobuf.Any') queue.push(...[...registry].filter((one) => one.kind === 'message'));
  }
  return types;
}

function typesOf(field: DescField): Type[] {
  return [field.message, field.enum].filter((type) => type !== undefined);
}
