import { RunningProgram, until } from '@rookery/testkit';
import { ColonyMember, type Ready } from './colony-member.js';
import { PATIENCE_MS } from './patience.js';

const REGISTRY = 'tools/local-cluster/dist/dev-registry/main.js';
/** Several processes with counters, and the registry by which they find each other. */
export class Colony {
  readonly members: ColonyMember[] = [];

  private constructor(
    readonly registry: RunningProgram<Ready>,
    readonly registryUrl: string,
    private readonly settings: Readonly<Record<string, string>>,
  ) {}

  /** Each member watches the landmarks of all others before this resolves. */
  static async start(ids: readonly string[], settings: Readonly<Record<string, string>>): Promise<Colony> {
    const registry = new RunningProgram<Ready>(REGISTRY);
    const { http } = await registry.ready;
    const colony = new Colony(registry, `http://127.0.0.1:${http}`, settings);
    try {
      for (const id of ids) await colony.add(id);
      await colony.untilAgreed(colony.members);
      await colony.lookOut();
      return colony;
    } catch (error) {
      await colony.close();
      throw error;
    }
  }

  get(id: string): ColonyMember {
    const member = this.members.find((one) => one.id === id);
    if (member === undefined) throw new Error(`${id} was not started`);
    return member;
  }

  /** All others. */
  without(member: ColonyMember): readonly ColonyMember[] {
    return this.members.filter((one) => one !== member);
  }

  /** Those members see each other, connected, and nobody else, and all place grains alike. */
  async untilAgreed(members: readonly ColonyMember[]): Promise<void> {
    const names = members.map(({ id }) => id).join(', ');
    const agree = async (): Promise<boolean> => {
      const views = await Promise.all(members.map((member) => member.view()));
      const isWhole = views.every(
        ({ cluster }) => cluster.members.length === members.length && cluster.members.every(({ isUp }) => isUp),
      );
      return isWhole && new Set(views.map(({ cluster }) => cluster.topology)).size === 1;
    };
    await until(`${names} agree on who is there`, agree, PATIENCE_MS);
  }

  /** The ids of those that the registry would let others call. */
  async listed(): Promise<readonly string[]> {
    const response = await fetch(`${this.registryUrl}/v1/health/service/testing?passing=true`);
    const entries = (await response.json()) as readonly { readonly Service: { readonly ID: string } }[];
    return entries.map(({ Service }) => Service.ID);
  }

  /** Ends every process, in whatever state it is. */
  async close(): Promise<void> {
    await Promise.all([this.registry, ...this.members.map(({ process }) => process)].map((child) => child.end()));
  }

  private async add(id: string): Promise<void> {
    this.members.push(await ColonyMember.start(id, { CONSUL_URL: this.registryUrl, ...this.settings }));
  }

  private async lookOut(): Promise<void> {
    for (const watched of this.members) {
      const { address } = await watched.view();
      for (const watcher of this.without(watched)) await watcher.lookOut(address);
    }
  }
}
