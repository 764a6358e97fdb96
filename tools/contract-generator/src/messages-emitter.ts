import type { DescFile } from '@bufbuild/protobuf';
import { messagesOf } from './contract-set.js';
import { namespaceOf, typeNameOf, typeOf } from './naming.js';

export const HEADER = '// Generated from proto/ by `npm run generate`; do not edit.\n';

const LONG_TO_NUMBER = /function longToNumber\(int64: \{ toString\(\): string \}\): number \{\n(?: .*\n)+\}\n/;
const TO_TIMESTAMP = /function toTimestamp\(date: Date\): Timestamp \{\n(?: .*\n)+\}\n/;

/**
 * ts-proto goes from a 64-bit number to a JavaScript one through a string, at a third of the cost of a small message.
 * `Number` does it directly, takes a number as it is (a reader may return one), and a value past 2^53 is still refused.
 */
const DIRECT_LONG_TO_NUMBER = `function longToNumber(int64: bigint | number | string): number {
  const value = globalThis.Number(int64);
  if (value > globalThis.Number.MAX_SAFE_INTEGER || value < globalThis.Number.MIN_SAFE_INTEGER) {
    throw new globalThis.RangeError(\`the 64-bit number \${int64} does not fit a JavaScript number: it is beyond ±(2^53 - 1)\`);
  }
  return value;
}
`;

/** ts-proto writes negative nanoseconds for times before 1970 and loses an invalid date as 1970. */
const STRICT_TO_TIMESTAMP = `function toTimestamp(date: Date): Timestamp {
  const millis = date.getTime();
  if (globalThis.Number.isNaN(millis)) {
    throw new globalThis.RangeError("the time is an invalid Date");
  }
  const seconds = Math.floor(millis / 1_000);
  return { seconds, nanos: (millis - seconds * 1_000) * 1_000_000 };
}
`;

const MAP_ENTRY =
  /const (entry\d*) = (\w+)\.decode\(reader, reader\.uint32\(\)\);\n(.*\n)( *)(message\.\w+)\[\1\.key\] = \1\.value;/g;

/** A map is an object, and a plain assignment to this one key would change its prototype. */
const SET_ENTRY = `
function setEntry<T>(map: { [key: string]: T }, key: string, value: T): void {
  if (key === "__proto__") {
    globalThis.Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    map[key] = value;
  }
}
`;

const FRESH_EMPTY_BYTES = 'new Uint8Array(0)';

/** Making an empty array for each message, to be replaced at once, takes longer than decoding a small one. */
const EMPTY_BYTES = `
const EMPTY_BYTES = new Uint8Array(0);
`;

/** Takes a module that ts-proto wrote; throws when ts-proto no longer writes what is replaced here. */
export function reviseMessages(name: string, text: string): string {
  const number = replaceFunction(name, text, 'longToNumber', LONG_TO_NUMBER, DIRECT_LONG_TO_NUMBER);
  const time = replaceFunction(name, number, 'toTimestamp', TO_TIMESTAMP, STRICT_TO_TIMESTAMP);
  return HEADER + shareEmptyBytes(guardMaps(name, time));
}

/** Nothing can be written to an array without elements, so all messages may have the same one. */
function shareEmptyBytes(text: string): string {
  return text.includes(FRESH_EMPTY_BYTES) ? text.replaceAll(FRESH_EMPTY_BYTES, 'EMPTY_BYTES') + EMPTY_BYTES : text;
}

function guardMaps(name: string, text: string): string {
  if ((text.match(/\[entry\d*\.key\] =/g) ?? []).length !== (text.match(MAP_ENTRY) ?? []).length) {
    throw new Error(`${name}: ts-proto fills maps in another way than the generator knows`);
  }
  const guarded = text.replaceAll(
    MAP_ENTRY,
    (found, entry: string, type: string, check: string, indent: string, map: string) => {
      if (!text.includes(`export interface ${type} {\n  key: string;`)) return found;
      const decoded = `const ${entry} = ${type}.decode(reader, reader.uint32());`;
      return `${decoded}\n${check}${indent}setEntry(${map}, ${entry}.key, ${entry}.value);`;
    },
  );
  return guarded === text ? text : guarded + SET_ENTRY;
}

function replaceFunction(name: string, text: string, called: string, found: RegExp, replacement: string): string {
  if (!text.includes(`function ${called}(`)) return text;
  if (!found.test(text)) throw new Error(`${name}: ts-proto writes ${called} in another way than the generator knows`);
  return text.replace(found, () => replacement);
}

/** One module for each namespace, and the index that exports them all. */
export function emitNamespaces(files: readonly DescFile[]): Map<string, string> {
  const modules = new Map<string, string>();
  const names = [...new Set(files.map((file) => namespaceOf(file.proto.package)))].sort();
  for (const name of names) {
    const members = files.filter((file) => namespaceOf(file.proto.package) === name);
    modules.set(`${name}.ts`, HEADER + members.map(exportTypes).join('\n'));
  }
  const exports = names.map((name) => `export * as ${name} from './${name}.js';\n`).join('');
  modules.set('index.ts', `${HEADER}export { eventNames } from './event-names.js';\n${exports}`);
  modules.set('event-names.ts', emitEventNames(files.filter(({ name }) => name.endsWith('_events'))));
  return modules;
}

/** A message knows its codec and not its name; whoever gets one among others must be told which it is. */
function emitEventNames(files: readonly DescFile[]): string {
  const names = [...new Set(files.map((file) => namespaceOf(file.proto.package)))].sort();
  const imports = names.map((name) => `import * as ${name} from './${name}.js';\n`).join('');
  const entries = files
    .flatMap((file) => file.messages)
    .map((message) => `[${typeOf(message)}, '${message.typeName}'],`);
  return `${HEADER}${imports}
/** The full names of integration events, which are the messages of \`…_events.proto\`, by their codecs. */
export const eventNames: ReadonlyMap<object, string> = new Map<object, string>([${entries.join('')}]);
`;
}

function exportTypes(file: DescFile): string {
  const enums = [...file.enums, ...messagesOf(file).flatMap((message) => message.nestedEnums)];
  const names = [...messagesOf(file), ...enums].map(typeNameOf).sort();
  return `export { ${names.join(', ')} } from './${file.name}.js';`;
}
