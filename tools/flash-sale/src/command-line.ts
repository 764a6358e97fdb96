import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** What is to be sold to whom, and what goes wrong meanwhile. */
export interface SaleOptions {
  readonly orders: number;
  readonly shoppers: number;
  readonly units: number;
  /** How often one copy of each service is killed. */
  readonly kills: number;
  /** Declined cards, silent providers and customers who change their mind are among the orders. */
  readonly isMixed: boolean;
  readonly isJson: boolean;
  /** A cluster that runs already; undefined: one of its own. */
  readonly running: RunningSystem | undefined;
}

/** How to reach a cluster that runs already. */
export interface RunningSystem {
  readonly gateway: string;
  readonly token: string;
  /** The URL of its database by service. */
  readonly databases: Readonly<Record<string, string>>;
}

export class CommandLineError extends Error {
  override readonly name = 'CommandLineError';
}

export const helpText = `A flash sale: many shoppers, few units of one SKU, and services that are killed meanwhile. Afterwards the databases must
agree: every unit is sold once, every order has ended, every sale is paid for.

  npm run flash-sale -- [options]

  --orders N        orders of one unit, at least          (10000)
  --shoppers N      shoppers at once                      (200)
  --units N         units to be sold                      (1000)
  --kills N         how often one copy each of inventory, orders and payments is killed with SIGKILL   (5)
  --mixed           with declined cards, time-outs and customers who cancel
  --json            print the result as JSON
  --url URL         play against the gateway of a running system instead of a cluster of its own; kills nothing
  --token TOKEN     for --url: a token with the scopes inventory:read inventory:write orders:read orders:write,
                    such as "token" in .rookery/cluster.json
  --databases D     for --url: the databases, as JSON such as {"inventory":"postgres://…","orders":…,"payments":…},
                    or a file with such an object under "databases", such as .rookery/cluster.json

The exit code is 1 when something does not add up; what, is on stderr.
`;

/** Undefined when help was asked for. Throws `CommandLineError`. */
export function readCommandLine(words: readonly string[]): SaleOptions | undefined {
  const values = parse(words);
  if (values.help === true) return undefined;
  const running = runningSystem(values);
  return {
    orders: whole('orders', values.orders ?? '10000', 1, 10_000_000),
    shoppers: whole('shoppers', values.shoppers ?? '200', 1, 10_000),
    units: whole('units', values.units ?? '1000', 1, 1_000_000),
    kills: running === undefined ? whole('kills', values.kills ?? '5', 0, 1000) : 0,
    isMixed: values.mixed === true,
    isJson: values.json === true,
    running,
  };
}

function parse(words: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: false,
      options: {
        ...{ orders: text, shoppers: text, units: text, kills: text, mixed: flag, json: flag },
        ...{ url: text, token: text, databases: text, help: { type: 'boolean', short: 'h' } },
      },
    }).values;
  } catch (error) {
    throw new CommandLineError((error as Error).message.split('. ')[0], { cause: error });
  }
}

function runningSystem(values: { url?: string; token?: string; databases?: string }): RunningSystem | undefined {
  const { databases, token, url } = values;
  if (url === undefined) {
    if (token === undefined && databases === undefined) return undefined;
    throw new CommandLineError('--token and --databases belong to --url');
  }
  if (token === undefined || databases === undefined) throw new CommandLineError('--url needs --token and --databases');
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) throw new CommandLineError(`--url is "${url}": no http URL`);
  return { gateway: url.replace(/\/+$/, ''), token, databases: databasesOf(databases) };
}

const SERVICES = ['inventory', 'orders', 'payments'];

function databasesOf(text: string): Readonly<Record<string, string>> {
  const found = text.trimStart().startsWith('{')
    ? read(text)
    : (read(fileText(text)) as { databases?: unknown }).databases;
  const urls = (found ?? {}) as Readonly<Record<string, unknown>>;
  for (const service of SERVICES) {
    if (typeof urls[service] !== 'string') throw new CommandLineError(`--databases names no database of ${service}`);
  }
  return urls as Readonly<Record<string, string>>;
}

function fileText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CommandLineError(`--databases: ${(error as Error).message}`, { cause: error });
  }
}

function read(text: string): object {
  try {
    return JSON.parse(text) as object;
  } catch (error) {
    throw new CommandLineError('--databases is no JSON', { cause: error });
  }
}

function whole(name: string, text: string, min: number, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  throw new CommandLineError(`--${name} is "${text}": it must be a whole number from ${min} to ${max}`);
}
