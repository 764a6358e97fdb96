import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { z } from 'zod';

/** One environment variable: how it is read, what holds without it and what it means. */
export interface Setting<out T> {
  /** From the variable's text to its value. */
  readonly schema: z.ZodType<T>;
  /** What may be written, in words that follow "must be". */
  readonly allowed: string;
  readonly meaning: string;
  /** The value without the variable; `isRequired` settings have none. */
  readonly fallback: T | undefined;
  readonly isRequired: boolean;
  /** Never shown, neither in errors nor in logs. */
  readonly isSecret: boolean;
  /** An empty text is a value of its own; for every other setting it counts as not set. */
  readonly canBeEmpty: boolean;
}

export interface SettingOptions<T> {
  readonly meaning: string;
  /** Without a default a setting must be given, unless it is optional. */
  readonly default?: T;
  readonly isOptional?: true;
  readonly isSecret?: true;
}

/** `undefined` is possible exactly where the setting is optional and has no default. */
type Read<T, O> = O extends { readonly isOptional: true } ? T | undefined : T;

interface Bounds {
  readonly min: number;
  readonly max: number;
}

function define<T, O extends SettingOptions<T>>(
  options: O,
  allowed: string,
  schema: z.ZodType,
  canBeEmpty = false,
): Setting<Read<T, O>> {
  const fallback = options.default as Read<T, O> | undefined;
  return {
    schema: schema as z.ZodType<Read<T, O>>,
    allowed,
    meaning: options.meaning,
    fallback,
    isRequired: fallback === undefined && options.isOptional !== true,
    isSecret: options.isSecret === true,
    canBeEmpty,
  };
}

const numeral = z
  .string()
  .regex(/^[+-]?(\d+\.?\d*|\.\d+)$/)
  .transform(Number);

/** The ways to declare a setting. Each takes `meaning`, and `default`, or `isOptional`, or neither (then it is required). */
export const setting = {
  /** A whole number between two bounds, both inclusive. */
  integer: <const O extends SettingOptions<number> & Bounds>(options: O): Setting<Read<number, O>> =>
    define(
      options,
      `a whole number from ${options.min} to ${options.max}`,
      numeral.pipe(z.int().min(options.min).max(options.max)),
    ),

  /** A number between two bounds, both inclusive. */
  decimal: <const O extends SettingOptions<number> & Bounds>(options: O): Setting<Read<number, O>> =>
    define(
      options,
      `a number from ${options.min} to ${options.max}`,
      numeral.pipe(z.number().min(options.min).max(options.max)),
    ),

  flag: <const O extends SettingOptions<boolean>>(options: O): Setting<Read<boolean, O>> =>
    define(
      options,
      'true or false',
      z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1'),
    ),

  oneOf: <const V extends readonly string[], const O extends SettingOptions<V[number]>>(
    values: V,
    options: O,
  ): Setting<Read<V[number], O>> =>
    define(options, `one of ${values.join(', ')}`, z.enum(values as unknown as [V[number], ...V[number][]])),

  /** Text; `pattern` must match the whole of it and `allowed` says the same in words. Without it: no space at its ends. */
  text: <const O extends SettingOptions<string> & { pattern?: RegExp; allowed?: string; canBeEmpty?: true }>(
    options: O,
  ): Setting<Read<string, O>> =>
    define(
      options,
      options.allowed ?? 'text without spaces at its ends',
      z.string().regex(options.pattern ?? /^(\S(.*\S)?)?$/),
      options.canBeEmpty === true,
    ),

  /** A host that others can call. */
  host: <const O extends SettingOptions<string>>(options: O): Setting<Read<string, O>> =>
    define(
      options,
      'a host name or an IP address that others can call, without a port',
      z.string().refine((text) => (isIP(text) > 0 ? !WILDCARDS.has(text) : HOST_NAME.test(text))),
    ),

  /** An absolute http or https URL, kept without a slash at its end. */
  url: <const O extends SettingOptions<string>>(options: O): Setting<Read<string, O>> =>
    define(
      options,
      'an http or https URL without a password',
      z
        .url({ protocol: /^https?$/ })
        .refine((text) => !PASSWORD.test(text))
        .transform((text) => text.replace(/\/+$/, '')),
    ),

  /** The path of a file that this process can read. */
  file: <const O extends SettingOptions<string>>(options: O): Setting<Read<string, O>> =>
    define(options, 'the path of a readable file', z.string().refine(isReadable)),

  /** The path of a folder that this process can write to; it is made when it is not there. */
  folder: <const O extends SettingOptions<string>>(options: O): Setting<Read<string, O>> =>
    define(options, 'the path of a folder that can be made or written to', z.string().refine(isWritable)),
};

const WILDCARDS: ReadonlySet<string> = new Set(['0.0.0.0', '::']);
/** The last part holds a letter: what consists of numbers alone is meant to be an address. */
const HOST_NAME =
  /^(?=.{1,253}$)([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)*(?=[^.]*[A-Za-z])[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
/** A user, with or without a password, before the host of a URL. */
const PASSWORD = /(?<=\/\/)[^/@]*(?=@)/;

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return statSync(path).isFile();
  } catch {
    return false; // Not readable is the answer; the caller turns it into a problem that names the variable.
  }
}

function isWritable(path: string): boolean {
  try {
    if (path.trim() === '') return false;
    mkdirSync(path, { recursive: true, mode: 0o700 });
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false; // As above.
  }
}

export type SettingsShape = Readonly<Record<string, Setting<unknown>>>;
export type SettingsValues<S extends SettingsShape> = {
  readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never;
};

/** A class made by `settings()`: the declaration, the type of the values and the token under which they are injected. */
export interface SettingsClass<V = never> {
  new (values: V): object;
  readonly shape: SettingsShape;
  check(values: V): readonly string[];
}

/** The same, with its shape known: what `settings()` gives to extend. */
export interface DeclaredSettings<S extends SettingsShape> {
  new (values: SettingsValues<S>): SettingsValues<S>;
  readonly shape: S;
  check(values: SettingsValues<S>): readonly string[];
}

/**
 * Declares a group of settings, keyed by environment variable:
 * `export class ShopConfig extends settings({ SHOPPERS: setting.integer({ … }) }) {}`. `check` finds what single settings
 * cannot show, and returns one sentence for each problem.
 */
export function settings<const S extends SettingsShape>(
  shape: S,
  check: (values: SettingsValues<S>) => readonly string[] = () => [],
): DeclaredSettings<S> {
  class Settings {
    static readonly shape = shape;
    static readonly check = check;
    constructor(values: SettingsValues<S>) {
      Object.assign(this, values);
    }
  }
  return Settings as unknown as DeclaredSettings<S>;
}

/** The environment does not describe a service that can run. Each problem names its variable, the value and what is allowed. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads groups of settings together, so that all problems are told at once. Throws `ConfigError`. */
export function readSettings(classes: readonly SettingsClass[], environment: Environment): readonly object[] {
  const problems: string[] = [];
  const groups = classes.map((type) => readGroup(type, environment, problems));
  if (problems.length > 0) throw new ConfigError(problems);
  return groups;
}

function readGroup(type: SettingsClass, environment: Environment, problems: string[]): object {
  const values: Record<string, unknown> = {};
  const before = problems.length;
  for (const [name, one] of Object.entries(type.shape)) {
    const text = environment[name];
    if (text === undefined || (text === '' && !one.canBeEmpty)) {
      values[name] = one.fallback;
      if (one.isRequired) problems.push(`${name} is not set: it must be ${one.allowed}. ${one.meaning}`);
      continue;
    }
    const parsed = one.schema.safeParse(text);
    if (parsed.success) values[name] = parsed.data;
    else problems.push(`${name} is ${shown(one, text)}: it must be ${one.allowed}.`);
  }
  if (problems.length === before) problems.push(...type.check(values as never));
  return new type(values as never);
}

function shown(one: Setting<unknown>, text: string): string {
  if (one.isSecret) return `a secret of ${text.length} characters (not shown)`;
  const harmless = text.replace(PASSWORD, '…');
  return JSON.stringify(harmless.length > 200 ? `${harmless.slice(0, 200)}…` : harmless);
}
