import { parseArgs } from 'node:util';

/** What a person may set of the local cluster. An undefined port means: the usual one if it is free, else any. */
export interface ClusterOptions {
  readonly gatewayPort: number | undefined;
  readonly monitorPort: number | undefined;
  readonly registryPort: number | undefined;
  readonly issuerPort: number | undefined;
  readonly databasePort: number | undefined;
  /** Copies by service; a service that is not named runs as often as the plan says. */
  readonly copies: ReadonlyMap<string, number>;
  /** Simulated shoppers each second. */
  readonly rate: number;
  /** Which share of them goes through the gateway. */
  readonly gatewayShare: number;
  readonly hasTraffic: boolean;
  /** A real Consul agent instead of the dev registry. */
  readonly consulUrl: string | undefined;
  readonly logLevel: string;
  readonly isQuiet: boolean;
}

/** What was typed cannot be understood. The message says what is allowed. */
export class CommandLineError extends Error {
  override readonly name = 'CommandLineError';
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error'];

export const helpText = `Starts the whole system on this machine: registry, token issuer, monitor, gateway, providers and shoppers.

  npm start -- [options]

  --gateway-port N     HTTP port of the gateway          (8080 if free, else a free one)
  --monitor-port N     HTTP port of the monitor          (8081 if free, else a free one)
  --registry-port N    HTTP port of the dev registry     (8500 if free, else a free one)
  --issuer-port N      HTTP port of the token issuer     (8082 if free, else a free one)
  --database-port N    port of the PostgreSQL            (5432 if free, else a free one)
  --copies NAME=N      how many copies of a service run; may be repeated
                       (two each of pricing, inventory and orders, one of any other)
  --rate N             simulated shoppers each second, 0 to 2000             (20)
  --gateway-share X    share of the shoppers that uses the gateway, 0 to 1   (0.5)
  --no-traffic         no shoppers at all
  --consul URL         use this Consul agent instead of the dev registry; instance ids then end in a word of this
                       folder's own, and whatever else is registered there is called and calls too
  --log-level LEVEL    ${LOG_LEVELS.join(', ')}             (info)
  --quiet              show warnings and errors only
  --help               this page

  ROOKERY_DIR          environment variable: where the state of the running cluster is kept (.rookery).
                       With another folder a second cluster runs beside the first.
  DATABASE_URL         a PostgreSQL of your own, as postgres://user:password@host/rookery, instead of the one that npm
                       brought: each service that needs one gets a database there, such as rookery_orders
  CONSUL_TOKEN, CONSUL_CHECK  are passed on to every service, for the agent of --consul
  ALERT_WEBHOOK_URL    is passed on to the monitor, which tells its alarms there

Ctrl-C stops everything in order; a second Ctrl-C stops it at once.
While it runs, cluster.json in that folder (ROOKERY_DIR) says where everything is, and
  node --env-file=.rookery/cluster.env apps/<name>/dist/main.js
starts one more instance by hand (with another ROOKERY_DIR: its own cluster.env); one with a database also takes
  --env-file=.rookery/<name>.env
`;

/** Undefined when help was asked for. Throws `CommandLineError`. */
export function readCommandLine(words: readonly string[]): ClusterOptions | undefined {
  const values = parse(words);
  if (values.help === true) return undefined;
  const isQuiet = values.quiet === true;
  return {
    gatewayPort: port('gateway-port', values['gateway-port']),
    monitorPort: port('monitor-port', values['monitor-port']),
    registryPort: port('registry-port', values['registry-port']),
    issuerPort: port('issuer-port', values['issuer-port']),
    databasePort: port('database-port', values['database-port']),
    copies: copies(values.copies ?? []),
    rate: number('rate', values.rate ?? '20', 0, 2000),
    gatewayShare: number('gateway-share', values['gateway-share'] ?? '0.5', 0, 1),
    hasTraffic: values['no-traffic'] !== true,
    consulUrl: url('consul', values.consul),
    logLevel: oneOf('log-level', values['log-level'] ?? (isQuiet ? 'warn' : 'info'), LOG_LEVELS),
    isQuiet,
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
        'gateway-port': text,
        'monitor-port': text,
        'registry-port': text,
        'issuer-port': text,
        'database-port': text,
        copies: { type: 'string', multiple: true },
        rate: text,
        'gateway-share': text,
        'no-traffic': flag,
        consul: text,
        'log-level': text,
        quiet: flag,
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new CommandLineError((error as Error).message.split('. ')[0], { cause: error });
  }
}

function port(name: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : whole(name, text, 1, 65_535);
}

function whole(name: string, text: string, min: number, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(value >= min && value <= max)) {
    throw new CommandLineError(`--${name} is "${text}": it must be a whole number from ${min} to ${max}`);
  }
  return value;
}

function number(name: string, text: string, min: number, max: number): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (!(value >= min && value <= max)) {
    throw new CommandLineError(`--${name} is "${text}": it must be a number from ${min} to ${max}`);
  }
  return value;
}

function copies(entries: readonly string[]): ReadonlyMap<string, number> {
  const pairs = entries.flatMap((entry) => entry.split(','));
  return new Map(
    pairs.map((pair) => {
      const [, name, count] = /^([a-z][a-z0-9-]*)=(\d+)$/.exec(pair) ?? [];
      if (name === undefined || count === undefined) {
        throw new CommandLineError(`--copies is "${pair}": it must be a service and a number, such as pricing=3`);
      }
      return [name, whole(`copies ${name}`, count, 0, 50)] as const;
    }),
  );
}

function url(name: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? '')) {
    throw new CommandLineError(`--${name} is "${text}": it must be a URL such as http://127.0.0.1:8500`);
  }
  return text.replace(/\/+$/, '');
}

function oneOf(name: string, text: string, allowed: readonly string[]): string {
  if (!allowed.includes(text)) {
    throw new CommandLineError(`--${name} is "${text}": it must be one of ${allowed.join(', ')}`);
  }
  return text;
}
