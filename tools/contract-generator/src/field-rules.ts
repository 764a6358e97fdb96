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
  if (field.scalar === ScalarType.STRING) return 'string';
  if (field.scalar === ScalarType.BYTES) return 'bytes';
  return field.scalar === ScalarType.BOOL ? 'bool' : 'number';
}

export function isPlural(field: DescField): boolean {
  return field.fieldKind === 'list' || field.fieldKind === 'map';
}

/** True when "not set" can be told from the zero value: messages, `optional` fields and members of a oneof. */
export function tracksPresence(field: DescField): boolean {
  return field.fieldKind === 'message' || field.oneof !== undefined || field.proto.proto3Optional;
}

/** Rules that say nothing about a field of this type. */
function fit(field: DescField, rules: Rules): string[] {
  const kind = valueKindOf(field);
  const type = isPlural(field) ? `${field.fieldKind} of ${kind}` : kind;
  const bounds = boundsOf(rules);
  const hasLength = kind === 'string' || kind === 'bytes';
  return [
    ...when(
      rules.minLength + rules.maxLength > 0 && !hasLength,
      `min_length and max_length fit string and bytes, not ${type}`,
    ),
    ...when(rules.pattern !== '' && kind !== 'string', `pattern fits string, not ${type}`),
    ...when(bounds.length > 0 && kind !== 'number', `min and max fit numbers, not ${type}`),
    ...when(
      rules.minItems + rules.maxItems > 0 && !isPlural(field),
      `min_items and max_items fit repeated and map fields, not ${type}`,
    ),
    ...(rules.required ? fitRequired(field, kind) : []),
  ];
}

function fitRequired(field: DescField, kind: ValueKind): string[] {
  return [
    ...when(
      kind === 'bool' && !isPlural(field) && !tracksPresence(field),
      'required cannot tell an absent bool from false: make the field optional',
    ),
    ...when(field.oneof !== undefined, 'a member of a oneof cannot be required'),
  ];
}

/** Rules that contradict themselves or that JavaScript cannot check. */
function sense(rules: Rules): string[] {
  const bounds = boundsOf(rules);
  const fault = patternFault(rules.pattern);
  return [
    ...when(isReversed(rules.minLength, rules.maxLength), 'min_length is larger than max_length'),
    ...when(isReversed(rules.minItems, rules.maxItems), 'min_items is larger than max_items'),
    ...when(!bounds.every(Number.isFinite), 'min and max must be finite'),
    ...when(
      bounds.some((bound) => Math.abs(bound) > LARGEST_SAFE),
      'min and max must lie within ±(2^53 − 1)',
    ),
    ...when((rules.min ?? -Infinity) > (rules.max ?? Infinity), 'min is larger than max'),
    ...when(fault !== undefined, `pattern is no regular expression: ${String(fault)}`),
    ...when(isEmpty(rules), 'its rules are empty'),
  ];
}

function when(isWrong: boolean, description: string): string[] {
  return isWrong ? [description] : [];
}

function boundsOf({ min, max }: Rules): number[] {
  return [min, max].filter((bound) => bound !== undefined);
}

/** A largest of 0 is none. */
function isReversed(least: number, most: number): boolean {
  return most > 0 && least > most;
}

function isEmpty(rules: Rules): boolean {
  const sizes = rules.minLength + rules.maxLength + rules.minItems + rules.maxItems;
  return !rules.required && rules.pattern === '' && sizes === 0 && boundsOf(rules).length === 0;
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
