import type { Resolver } from '@rookery/discovery';
import type { ClusterDescription } from './cluster-file.js';
import { type ClusterPlace, registryUrl } from './cluster-plan.js';
import type { ClusterOptions } from './command-line.js';
import { HttpProbe } from './http-probe.js';
import { askLivez } from './joined-instances.js';
import type { LocalCluster } from './local-cluster.js';
import { readableLine } from './log-line.js';
import type { ProcessObserver, ProcessPlan } from './supervised-process.js';
import type { Terminal } from './terminal.js';

const SAMPLE = { method: 'POST', path: '/v1/quotes', body: { currency: 'EUR', lines: [{ sku: 'tea', quantity: 2 }] } };
/** The printed token should outlive a day at the desk; the one in the file is renewed long before it ends. */
const TOKEN_LIFETIME_S = 12 * 3600;
const RENEW_EVERY_MS = 3600_000;
const SAMPLE_EVERY_MS = 50;
const PATIENCE_MS = 10_000;

/** Speaks to the person at the terminal: what the processes say, what became of them, where everything is. */
export class Operator implements ProcessObserver {
  private readonly probe = new HttpProbe();

  constructor(
    private readonly terminal: Terminal,
    private readonly isQuiet: boolean,
  ) {}

  line(plan: ProcessPlan, line: string): void {
    const { text, isBad, isTalk } = readableLine(line);
    if (isTalk && this.isQuiet) return;
    this.terminal.say(plan.id, text, isBad);
  }

  notice(plan: ProcessPlan, text: string, isBad: boolean): void {
    this.terminal.say(plan.id, text, isBad);
  }

  changed(): void {
    // The status line is drawn at its own pace.
  }

  /** Waits until the cluster answers, then describes it on screen and in the cluster file. False when that cannot be any more. */
  async introduce(
    cluster: LocalCluster,
    options: ClusterOptions,
    place: ClusterPlace,
    resolver: Resolver,
    startedAt: number,
  ): Promise<boolean> {
    const impatience = setInterval(() => this.terminal.print(`still waiting for ${lackingIn(cluster)}`), PATIENCE_MS);
    try {
      if (!(await cluster.untilReady())) return false;
      const description = await this.description(options, place);
      if (!(await this.untilAnswered(cluster, description))) return false;
      cluster.describe(description, resolver, askLivez);
      this.renewTokens(cluster, description.issuer);
      this.printTable(cluster, description, place, Date.now() - startedAt);
      return true;
    } finally {
      clearInterval(impatience);
    }
  }

  private async description(
    options: ClusterOptions,
    place: ClusterPlace,
  ): Promise<Omit<ClusterDescription, 'instances'>> {
    const issuer = `http://127.0.0.1:${place.ports.issuer}`;
    return {
      supervisor: process.pid,
      gateway: `http://127.0.0.1:${place.ports.gateway}`,
      monitor: `http://127.0.0.1:${place.ports.monitor}`,
      registry: registryUrl(options, place),
      issuer,
      databases: Object.fromEntries(place.databases),
      token: await this.probe.token(issuer, TOKEN_LIFETIME_S),
      sample: SAMPLE,
    };
  }

  /** Ready processes have yet to find each other. */
  private async untilAnswered(
    cluster: LocalCluster,
    description: Omit<ClusterDescription, 'instances'>,
  ): Promise<boolean> {
    while (!cluster.isStopping && cluster.refusal === undefined) {
      if ((await this.probe.sample(description)) === 200) return true;
      await new Promise((resolve) => setTimeout(resolve, SAMPLE_EVERY_MS));
    }
    return false;
  }

  private renewTokens(cluster: LocalCluster, issuer: string): void {
    const renew = (): void => {
      this.probe.token(issuer, TOKEN_LIFETIME_S).then(
        (token) => cluster.renewToken(token),
        (error: unknown) =>
          this.terminal.print(`the token in the cluster file was not renewed: ${(error as Error).message}`),
      );
    };
    setInterval(renew, RENEW_EVERY_MS).unref();
  }

  private printTable(
    cluster: LocalCluster,
    { gateway, monitor, registry, issuer, databases, token }: Omit<ClusterDescription, 'instances'>,
    place: ClusterPlace,
    tookMs: number,
  ): void {
    const rows = [
      ['gateway', gateway, 'HTTP/JSON to every provider'],
      ['', `${gateway}/openapi.json`, 'what it offers'],
      ['monitor', monitor, 'who calls whom, latency, alarms'],
      ['registry', registry, "Consul's HTTP API"],
      ['tokens', `${issuer}/token`, 'OAuth client credentials, for trying out'],
      ...databaseRow(Object.entries(databases)),
    ] as const;
    const table = rows.map(([name, url, what]) => `  ${name.padEnd(9)} ${url.padEnd(40)} ${what}`);
    const curl = `curl -s ${gateway}${SAMPLE.path} -H 'authorization: Bearer ${token}' -H 'content-type: application/json' -d '${JSON.stringify(SAMPLE.body)}'`;
    const state = this.isQuiet ? '' : `\n  ${place.directory}/cluster.json says all this to scripts.`;
    this.terminal.print(
      [
        '',
        `ready: ${cluster.up} processes after ${(tookMs / 1000).toFixed(1)} s`,
        '',
        ...table,
        state,
        '',
        'Try it:',
        '',
        curl,
        '',
      ].join('\n'),
    );
  }
}

/** Without the passwords, which the cluster file has. */
function databaseRow(
  databases: readonly (readonly [string, string])[],
): readonly (readonly [string, string, string])[] {
  const [, first] = databases[0] ?? [];
  if (first === undefined) return [];
  const services = databases.map(([service]) => service).join(', ');
  return [['postgres', `postgres://${new URL(first).host}`, `a database each for ${services}; URLs in cluster.json`]];
}

function lackingIn(cluster: LocalCluster): string {
  const lacking = cluster.lacking();
  return lacking.length > 0 ? lacking.join(', ') : 'the first answer of the gateway';
}
