import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { propertyOf } from './naming.js';

export interface ResolvedField {
  readonly field: DescField;
  /** All fields on the way, the last one included. */
  readonly fields: readonly DescField[];
  /** The names that lead to it in a generated message. */
  readonly properties: readonly string[];
}

/** Follows a path of proto names such as `order.id` through single messages. */
export function resolveField(root: DescMessage, path: string): ResolvedField | { readonly error: string } {
  const fields: DescField[] = [];
  let message: DescMessage | undefined = root;
  let field: DescField | undefined;
  for (const name of path.split('.')) {
    if (message === undefined) return { error: `goes on after ${String(field?.name)}, which is no single message` };
    field = message.fields.find((candidate) => candidate.name === name);
    if (field === undefined) return { error: `names no field: ${message.typeName} has no "${name}"` };
    fields.push(field);
    message = field.fieldKind === 'message' ? field.message : undefined;
  }
  return field === undefined ? { error: 'names no field' } : { field, fields, properties: fields.map(propertyOf) };
}
