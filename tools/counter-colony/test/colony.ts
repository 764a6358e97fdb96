import { RunningProgram, until } from '@rookery/testkit';
import { type ActorsView, ColonyMember, type Ready } from './colony-member.js';
import { PATIENCE_MS } from './patience.js';

const REGISTRY = 'tools/local-cluster/dist/dev-registry/main.js';
const MEMBER = 'tools/counter-colony/dist/main.js';

/** Several processes with counters, and the registry by which they find each other. */
export class Colony {
  readonly members: ColonyMember[] = [];
  readonly registry: RunningProgram<Ready>;
  /** Empty until it has started. */
  registryUrl = '';
  private readonly programs: RunningProgram<Ready>[] = [];

  constructor(private readonly settings: Readonly<Record<string, string>>) {
    this.registry = this.launch(REGISTRY, {});
  }

  /** Each member watches the landmarks of all others before this resolves. */
  async start(ids: readonly string[]): Promise<void> {
    const { http } = await this.registry.ready;
    this.registryUrl = `http://127.0.0.1:${http}`;
    for (const id of ids) await this.add(id);
    await this.untilAgreed(this.members);
    await this.lookOut();
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
    let views: readonly ActorsView[] = [];
    const agree = async (): Promise<boolean> => {
      views = await Promise.all(members.map((member) => member.view()));
      const isWhole = views.every(
        ({ cluster }) => cluster.members.length === members.length && cluster.members.every(({ isUp }) => isUp),
      );
      return isWhole && new Set(views.map(({ cluster }) => cluster.topology)).size === 1;
    };
    const state = (): string => `${names} agree on who is there; they see ${JSON.stringify(views)}`;
    await until(state, agree, PATIENCE_MS);
  }

  /** The ids of those that the registry would let others call. */
  async listed(): Promise<readonly string[]> {
    const response = await fetch(`${this.registryUrl}/v1/health/service/testing?passing=true`);
    const entries = (await response.json()) as readonly { readonly Service: { readonly ID: string } }[];
    return entries.map(({ Service }) => Service.ID);
  }

  /** Ends every process, in whatever state it is. */
  async close(): Promise<void> {
    await Promise.all(this.programs.map((program) => program.end()));
  }

  private async add(id: string): Promise<void> {
    const environment = { INSTANCE_ID: id, REPORT_TO: '', CONSUL_URL: this.registryUrl, ...this.settings };
    this.members.push(await ColonyMember.of(id, this.launch(MEMBER, environment)));
  }

  /** What is launched is ended by `close`, also when it never gets ready. */
  private launch(script: string, environment: Readonly<Record<string, string>>): RunningProgram<Ready> {
    const program = new RunningProgram<Ready>(script, environment);
    this.programs.push(program);
    return program;
  }

  private async lookOut(): Promise<void> {
    for (const watched of this.members) {
      const { address } = await watched.view();
      for (const watcher of this.without(watched)) await watcher.lookOut(address);
    }
  }
}
