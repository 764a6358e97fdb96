import type { DescField, DescFile, DescMessage } from '@bufbuild/protobuf';
import type { ContractModel } from './contract-model.js';
import { messagesOf } from './contract-set.js';
import { isPlural, tracksPresence, valueKindOf, wholeString, type Rules } from './field-rules.js';
import { propertyOf, typeNameOf, typeOf } from './naming.js';

/** Something that is wrong when `condition` holds. */
interface Check {
  readonly condition: string;
  readonly description: string;
}

/** The name of the generated function that checks a message. */
export function checkerOf(message: DescMessage): string {
  return `check${typeNameOf(message)}`;
}

/** Writes the functions that check the messages of one file: straight-line code, no table is read when a call comes in. */
export class ValidatorEmitter {
  private readonly patterns: string[] = [];

  constructor(private readonly model: ContractModel) {}

  /** The functions, with the patterns they use in front; empty when no message of the file has a rule. */
  emit(file: DescFile): string {
    const functions = messagesOf(file)
      .filter((message) => this.model.ruled.has(message))
      .map((message) => this.emitMessage(message));
    return [this.patterns.join('\n'), ...functions].join('\n\n');
  }

  /** Messages of other files whose functions are called. */
  foreignMessages(file: DescFile): DescMessage[] {
    const ruled = messagesOf(file).filter((message) => this.model.ruled.has(message));
    const held = ruled.flatMap((message) => message.fields.map((field) => field.message));
    return [...new Set(held)].filter(
      (message): message is DescMessage =>
        message !== undefined && message.file !== file && this.model.ruled.has(message),
    );
  }

  private emitMessage(message: DescMessage): string {
    return `export function ${checkerOf(message)}(value: ${typeOf(message)}): FieldViolation[] | undefined {
      let found: FieldViolation[] | undefined;
      ${message.fields.map((field) => this.emitField(field)).join('')}
      return found;
    }`;
  }

  private emitField(field: DescField): string {
    const rules = this.model.rules.get(field);
    const access = `value.${propertyOf(field)}`;
    const path = JSON.stringify(propertyOf(field));
    if (isPlural(field)) return this.emitPlural(field, rules, access, path);
    const body = this.emitValue(field, rules, access, path, false);
    const isRequired = rules?.required === true;
    if (tracksPresence(field)) {
      if (isRequired) return either(`${access} === undefined`, report(path, 'is required'), body);
      return body === '' ? '' : `if (${access} !== undefined) { ${body} }\n`;
    }
    return isRequired ? either(unset(field, access), report(path, 'is required'), body) : body;
  }

  private emitPlural(field: DescField, rules: Rules | undefined, access: string, path: string): string {
    const each = this.emitEntries(field, rules, access);
    if (rules === undefined) return each;
    const size = field.fieldKind === 'map' ? `Object.keys(${access}).length` : `${access}.length`;
    const least = Math.max(rules.minItems, rules.required ? 1 : 0);
    const few = least > 0 ? `if (${size} < ${least}) ${report(path, `needs at least ${entries(least)}`)}\n` : '';
    if (rules.maxItems === 0) return few + each;
    const many = report(path, `has more than ${entries(rules.maxItems)}`);
    return few + either(`${size} > ${rules.maxItems}`, many, each);
  }

  private emitEntries(field: DescField, rules: Rules | undefined, access: string): string {
    const property = propertyOf(field);
    if (field.fieldKind === 'map') {
      const body = this.emitValue(field, rules, 'entry', `\`${property}[\${JSON.stringify(key)}]\``, true);
      return body === '' ? '' : `for (const [key, entry] of Object.entries(${access})) { ${body} }`;
    }
    const body = this.emitValue(field, rules, 'entry', `\`${property}[\${index}]\``, true);
    if (body === '') return '';
    return `for (let index = 0; index < ${access}.length; index++) { const entry = ${access}[index]!; ${body} }`;
  }

  /** The checks of one value that is there. */
  private emitValue(
    field: DescField,
    rules: Rules | undefined,
    access: string,
    path: string,
    isEntry: boolean,
  ): string {
    if (field.message !== undefined) {
      if (!this.model.ruled.has(field.message)) return '';
      const name = isEntry ? 'inner' : `${propertyOf(field)}Found`;
      return `const ${name} = ${checkerOf(field.message)}(${access});
        if (${name} !== undefined) found = nest(found, ${path}, ${name});\n`;
    }
    if (rules === undefined) return '';
    const checks = this.checksOf(field, rules, access, isEntry);
    return checks.map(({ condition, description }) => `if (${condition}) ${report(path, description)}`).join('\n');
  }

  private checksOf(field: DescField, rules: Rules, access: string, isEntry: boolean): Check[] {
    const kind = valueKindOf(field);
    if (kind === 'number') return bounds(rules, access);
    if (kind === 'bytes') return lengthOfBytes(rules, access);
    if (kind !== 'string') return [];
    return [...lengthOfString(rules, access), ...this.pattern(rules, access, !isEntry && !rules.required)];
  }

  /** A string that nobody set is not held against a pattern. */
  private pattern({ pattern }: Rules, access: string, mayBeEmpty: boolean): Check[] {
    if (pattern === '') return [];
    const source = `new RegExp(${JSON.stringify(wholeString(pattern))}, 'u');`;
    let place = this.patterns.findIndex((line) => line.endsWith(source));
    if (place < 0) place = this.patterns.push(`const pattern${this.patterns.length + 1} = ${source}`) - 1;
    const condition = `${mayBeEmpty ? `${access} !== '' && ` : ''}!pattern${place + 1}.test(${access})`;
    return [{ condition, description: `does not match ${pattern}` }];
  }
}

function unset(field: DescField, access: string): string {
  const kind = valueKindOf(field);
  if (kind === 'string') return `${access} === ''`;
  return kind === 'bytes' ? `${access}.length === 0` : `${access} === 0`;
}

function lengthOfString({ minLength, maxLength }: Rules, access: string): Check[] {
  const checks: Check[] = [];
  const short = minLength === 1 ? `${access} === ''` : `isShorter(${access}, ${minLength})`;
  if (minLength > 0) checks.push({ condition: short, description: `needs at least ${characters(minLength)}` });
  if (maxLength > 0) {
    checks.push({
      condition: `isLonger(${access}, ${maxLength})`,
      description: `has more than ${characters(maxLength)}`,
    });
  }
  return checks;
}

function lengthOfBytes({ minLength, maxLength }: Rules, access: string): Check[] {
  const checks: Check[] = [];
  if (minLength > 0) {
    checks.push({ condition: `${access}.length < ${minLength}`, description: `needs at least ${bytes(minLength)}` });
  }
  if (maxLength > 0) {
    checks.push({ condition: `${access}.length > ${maxLength}`, description: `has more than ${bytes(maxLength)}` });
  }
  return checks;
}

/** Written so that NaN is refused. */
function bounds({ min, max }: Rules, access: string): Check[] {
  const checks: Check[] = [];
  if (min !== undefined) checks.push({ condition: `!(${access} >= ${min})`, description: `must be at least ${min}` });
  if (max !== undefined) checks.push({ condition: `!(${access} <= ${max})`, description: `must be at most ${max}` });
  return checks;
}

function either(condition: string, found: string, otherwise: string): string {
  return `if (${condition}) ${found}${otherwise === '' ? '' : ` else { ${otherwise} }`}\n`;
}

function report(path: string, description: string): string {
  return `found = report(found, ${path}, ${JSON.stringify(description)});`;
}

const entries = (count: number): string => (count === 1 ? '1 entry' : `${count} entries`);
const characters = (count: number): string => (count === 1 ? '1 character' : `${count} characters`);
const bytes = (count: number): string => (count === 1 ? '1 byte' : `${count} bytes`);
