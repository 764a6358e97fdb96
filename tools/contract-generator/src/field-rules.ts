import { ScalarType, type DescField } from '@bufbuild/protobuf';
import type { Problems } from './contract-error.js';
import type { ContractSet } from './contract-set.js';

/** The message of (rookery.options.v1.rules). */
export interface Rules {
  readonly required: boolean;
  readonly minLength: number;
  readonly maxLength: number;
  readonly pattern: string;
  readonly min?: number;
  readonly max?: number;
  readonly minItems: number;
  readonly maxItems: number;
}

/** What one value is; a list or map is looked at entry by entry. */
export type ValueKind = 'string' | 'bytes' | 'number' | 'bool' | 'enum' | 'message';

const LARGEST_SAFE = Number.MAX_SAFE_INTEGER;

/** The rules of a field, or undefined when it has none. */
export function readRules(contracts: ContractSet, field: DescField, problems: Problems): Rules | undefined {
  const rules = contracts.option<Rules>(field, 'rookery.options.v1.rules');
  if (rules === undefined) return undefined;
  for (const description of [...fit(field, rules), ...sense(rules)]) {
    problems.add(field.parent.file.proto.name, `${field.parent.typeName}.${field.name}`, description);
  }
  return rules;
}

/** What a field's value is, or the value of each of its entries. */
export function valueKindOf(field: DescField): ValueKind {
  if (field.message !== undefined) return 'message';
  if (field.enum !== undefined) return 'enum';
  switch (field.scalar) {
    case ScalarType.STRING:
      return 'string';
    case ScalarType.BYTES:
      return 'bytes';
    case ScalarType.BOOL:
      return 'bool';
    default:
      return 'number';
  }
}

export function isPlural(field: DescField): boolean {
  return field.fieldKind === 'list' || field.fieldKind === 'map';
}

/** True when "not set" can be told from the zero value: messages, `optional` fields and members of a oneof. */
export function tracksPresence(field: DescField): boolean {
  return field.fieldKind === 'message' || field.oneof !== undefined || field.proto.proto3Optional;
}

/** Rules that say nothing about a field of this type. */
function* fit(field: DescField, rules: Rules): Generator<string> {
  const kind = valueKindOf(field);
  const type = isPlural(field) ? `${field.fieldKind} of ${kind}` : kind;
  if ((rules.minLength > 0 || rules.maxLength > 0) && kind !== 'string' && kind !== 'bytes') {
    yield `min_length and max_length fit string and bytes, not ${type}`;
  }
  if (rules.pattern !== '' && kind !== 'string') yield `pattern fits string, not ${type}`;
  if ((rules.min !== undefined || rules.max !== undefined) && kind !== 'number') {
    yield `min and max fit numbers, not ${type}`;
  }
  if ((rules.minItems > 0 || rules.maxItems > 0) && !isPlural(field)) {
    yield `min_items and max_items fit repeated and map fields, not ${type}`;
  }
  if (rules.required && kind === 'bool' && !isPlural(field) && !tracksPresence(field)) {
    yield 'required cannot tell an absent bool from false: make the field optional';
  }
  if (rules.required && field.oneof !== undefined) yield 'a member of a oneof cannot be required';
}

/** Rules that contradict themselves or that JavaScript cannot check. */
function* sense(rules: Rules): Generator<string> {
  if (rules.maxLength > 0 && rules.minLength > rules.maxLength) yield 'min_length is larger than max_length';
  if (rules.maxItems > 0 && rules.minItems > rules.maxItems) yield 'min_items is larger than max_items';
  const bounds = [rules.min, rules.max].filter((bound) => bound !== undefined);
  if (bounds.some((bound) => !Number.isFinite(bound))) yield 'min and max must be finite';
  if (bounds.some((bound) => Number.isInteger(bound) && Math.abs(bound) > LARGEST_SAFE)) {
    yield 'min and max must lie within ±(2^53 − 1)';
  }
  if ((rules.min ?? -Infinity) > (rules.max ?? Infinity)) yield 'min is larger than max';
  const fault = patternFault(rules.pattern);
  if (fault !== undefined) yield `pattern is no regular expression: ${fault}`;
  if (Object.entries(rules).every(([name, value]) => name.startsWith('$') || !value) && bounds.length === 0) {
    yield 'its rules are empty';
  }
}

function patternFault(pattern: string): string | undefined {
  try {
    new RegExp(pattern, 'u');
    new RegExp(wholeString(pattern), 'u');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A pattern speaks about the whole string. */
export function wholeString(pattern: string): string {
  return `^(?:${pattern})$`;
}
