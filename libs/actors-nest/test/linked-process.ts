import { ActorSystem, DeadLetter, Remote, WireMessages } from '@rookery/actors';
import { addressOfProcess, LinkPeerNetwork } from '@rookery/actors-nest';
import { pricing } from '@rookery/contracts/messages';
import type { Instance } from '@rookery/discovery';
import { RpcClient, RpcServer } from '@rookery/rpc';
import { SystemClock, SystemRandom, SystemScheduler } from '@rookery/runtime';
import { describedInstance, type HeldResolver } from '@rookery/testkit';

const SERVICE = 'tested';
const parts = { clock: new SystemClock(), random: new SystemRandom(), scheduler: new SystemScheduler() };

/** The actors of one process behind a real server and client, all of it in this process. */
export class LinkedProcess {
  readonly letters: DeadLetter[] = [];

  private constructor(
    readonly address: string,
    readonly instance: Instance,
    readonly system: ActorSystem,
    readonly remote: Remote,
    readonly server: RpcServer,
    private readonly client: RpcClient,
  ) {
    system.events.subscribe(DeadLetter, (letter) => this.letters.push(letter));
  }

  static async start(instanceId: string, resolver: HeldResolver): Promise<LinkedProcess> {
    const self = { service: SERVICE, instanceId, incarnation: 'first' };
    const server = new RpcServer({
      ...{ ...parts, self, concurrencyLimit: 1024, verifier: undefined },
      startSpan: (traceparent) => traceparent,
      onHiddenError: () => undefined,
      security: { requiresClientCertificate: false },
    });
    const client = new RpcClient({ ...parts, self, resolver, security: { isPlaintextAllowed: false } });
    const network = new LinkPeerNetwork({ client, server, scheduler: parts.scheduler });
    const address = addressOfProcess(self);
    const system = new ActorSystem({ ...parts, address });
    const messages = new WireMessages().add({ Ping: pricing.GetPriceRequest, Pong: pricing.QuoteLine });
    // A busy machine takes its time to make the first connection.
    const remote = new Remote(system, { network, messages, patienceMs: 30_000 });
    const port = await server.listen('127.0.0.1', 0);
    return new LinkedProcess(address, describedInstance(instanceId, port), system, remote, server, client);
  }

  async close(): Promise<void> {
    await this.system.shutdown();
    this.remote.close();
    await this.client.close();
    await this.server.close();
  }
}
