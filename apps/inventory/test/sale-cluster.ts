import { ConsulResolver } from '@rookery/discovery';
import { RpcClient } from '@rookery/rpc';
import { SystemClock, SystemRandom, SystemScheduler } from '@rookery/runtime';
import { startTestIssuer, type TestIssuer } from '@rookery/service-kit/testing';
import { PrivatePostgres, query, RunningProgram, until, untilFound } from '@rookery/testkit';
import { PATIENCE_MS } from './patience.js';

/** What a process says when it listens. */
interface Ready {
  readonly http: number;
}

const system = { clock: new SystemClock(), random: new SystemRandom(), scheduler: new SystemScheduler() };
/** The registry finds out within a second or two that a copy does not answer. */
const QUICK_CHECK = { CONSUL_CHECK: 'grpc', CONSUL_CHECK_INTERVAL_MS: '1000', CONSUL_CHECK_TIMEOUT_MS: '500' };

/** Two copies of inventory as processes, on a registry and a PostgreSQL of their own. */
export class SaleCluster {
  readonly postgres = new PrivatePostgres();
  private readonly copies = new Map<string, RunningProgram<Ready>>();
  rpc!: RpcClient;
  token!: string;
  private registry!: RunningProgram<Ready>;
  private issuer!: TestIssuer;
  private resolver!: ConsulResolver;

  async start(): Promise<void> {
    this.registry = new RunningProgram<Ready>('tools/local-cluster/dist/dev-registry/main.js');
    this.issuer = await startTestIssuer();
    await this.postgres.start();
    for (const id of ['inventory-1', 'inventory-2']) await this.add(id);
    this.resolver = new ConsulResolver({ ...system, url: await this.registryUrl() });
    this.rpc = new RpcClient({
      ...{ ...system, resolver: this.resolver, security: { isPlaintextAllowed: false } },
      self: { service: 'test', instanceId: 'test-1', incarnation: 'test' },
    });
    this.token = await this.issuer.token(['inventory:read', 'inventory:write']);
    await this.untilAgreed();
  }

  /** The copy in which alone a SKU's grain is active, once that is so. */
  async hostOf(sku: string): Promise<string> {
    let hosts: readonly string[] = [];
    const look = async (): Promise<string | undefined> => {
      hosts = await this.hostsOf(sku);
      return hosts.length === 1 ? hosts[0] : undefined;
    };
    return untilFound(() => `one copy alone sells ${sku}, not ${hosts.join(' and ')}`, look, PATIENCE_MS);
  }

  /** Sends a signal to the copy in which a SKU's grain is active, and says which one that is. */
  async strike(sku: string, signal: NodeJS.Signals): Promise<string> {
    const id = await this.hostOf(sku);
    this.signal(id, signal);
    return id;
  }

  signal(id: string, signal: NodeJS.Signals): void {
    const copy = this.copies.get(id);
    if (copy === undefined) throw new Error(`there is no copy ${id}`);
    copy.kill(signal);
  }

  /** Both see each other, and place grains alike. */
  async untilAgreed(): Promise<void> {
    let views: readonly string[] = [];
    const agree = async (): Promise<boolean> => {
      views = await Promise.all([...this.copies.keys()].map((id) => this.ask(id, 'actors').catch(() => '')));
      const seen = views.map((view) => /"topology":"[^"]*"/.exec(view)?.[0]);
      const isWhole = views.every((view) => view.split('"isUp":true').length === this.copies.size + 1);
      return isWhole && new Set(seen).size === 1;
    };
    await until(() => `the copies agree on who is there; they see ${views.join('; ')}`, agree, PATIENCE_MS);
  }

  /** As an administrator ends them; says how many there were. */
  async endConnections(): Promise<number> {
    const ended = await query(
      this.postgres.url,
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'inventory/%'`,
    );
    return ended.length;
  }

  /** Ends what was started, however far that came. */
  async close(): Promise<void> {
    this.issuer?.close();
    const ends = [this.rpc?.close(), this.resolver?.close(), this.postgres.close()];
    const programs = [...this.copies.values(), this.registry].map((program) => program?.end());
    await Promise.all([...ends, ...programs]);
  }

  private async hostsOf(sku: string): Promise<readonly string[]> {
    const hosts: string[] = [];
    for (const id of this.copies.keys()) {
      if ((await this.ask(id, 'actors?limit=1000')).includes(sku)) hosts.push(id);
    }
    return hosts;
  }

  private async add(id: string): Promise<void> {
    const copy = new RunningProgram<Ready>('apps/inventory/dist/main.js', {
      ...{ INSTANCE_ID: id, REPORT_TO: '', CONSUL_URL: await this.registryUrl(), DATABASE_URL: this.postgres.url },
      ...{ AUTH_JWKS_URL: this.issuer.jwksUrl, AUTH_ISSUER: this.issuer.issuer, ...QUICK_CHECK },
    });
    this.copies.set(id, copy);
    await copy.ready;
  }

  private async registryUrl(): Promise<string> {
    return `http://127.0.0.1:${(await this.registry.ready).http}`;
  }

  private async ask(id: string, path: string): Promise<string> {
    const { http } = (await this.copies.get(id)?.ready) ?? { http: 0 };
    return (await fetch(`http://127.0.0.1:${http}/${path}`)).text();
  }
}
