import { TestServiceDefinition } from '@rookery/contracts/nest';
import type { Instance, Resolver } from '@rookery/discovery';
import { SystemClock, SystemRandom, SystemScheduler } from '@rookery/runtime';
import { describedInstance, HeldResolver, until } from '@rookery/testkit';

import { RpcClient, type RpcClientOptions } from '../src/client/rpc-client.js';
import type { ServiceChannel } from '../src/client/service-channel.js';
import { RpcServer, type RpcServerOptions } from '../src/server/rpc-server.js';
import type { Handler, ServerMethod } from '../src/server/server-method.js';
import { TcpProxy } from './tcp-proxy.js';

export const SERVICE = 'tested';

const definitions = TestServiceDefinition.method;

/** Changes something, and running it twice would change it twice. */
export const change = definitions.unaryCall;
/** Changes nothing. */
export const look = { ...definitions.cacheableUnaryCall, idempotency: 'no-side-effects' as const };
export const { streamingOutputCall, streamingInputCall, fullDuplexCall } = definitions;

export const request = definitions.unaryCall.request.decode(new Uint8Array());
export const response = definitions.unaryCall.response.decode(new Uint8Array());

/** How a call may travel, and what an instance says of itself to be called so. */
export const WAYS = [
  ['the link', ['link']],
  ['plain gRPC', []],
] as const;

export type Handlers = Partial<Record<keyof typeof definitions, Handler>>;

export const system = { clock: new SystemClock(), random: new SystemRandom(), scheduler: new SystemScheduler() };

export interface ProviderOptions extends Partial<RpcServerOptions> {
  /** What is to be done with the server before it listens. */
  readonly prepare?: (server: RpcServer) => void;
}

/** A provider in this process, reached through a proxy that can fail. */
export class Provider {
  readonly calls: string[] = [];
  readonly hiddenErrors: unknown[] = [];

  private constructor(
    readonly id: string,
    readonly server: RpcServer,
    readonly port: number,
    readonly proxy: TcpProxy,
  ) {}

  static async start(id: string, handlers: Handlers, options: ProviderOptions = {}): Promise<Provider> {
    const { prepare, ...rest } = options;
    const calls: string[] = [];
    const hiddenErrors: unknown[] = [];
    const server = new RpcServer({
      ...system,
      concurrencyLimit: 1024,
      verifier: undefined,
      startSpan: (traceparent) => traceparent,
      onHiddenError: (error) => hiddenErrors.push(error),
      security: { requiresClientCertificate: false },
      self: { service: SERVICE, instanceId: id, incarnation: 'first' },
      ...rest,
    });
    server.add(methodsOf(handlers, calls));
    prepare?.(server);
    const port = await server.listen('127.0.0.1', 0);
    const provider = new Provider(id, server, port, await TcpProxy.to(port));
    Object.assign(provider, { calls, hiddenErrors });
    return provider;
  }

  /** As the registry lists it. */
  instance(rest: Partial<Instance> = {}): Instance {
    return describedInstance(this.id, this.proxy.port, rest);
  }

  async close(): Promise<void> {
    await this.proxy.close();
    await this.server.close();
  }
}

function methodsOf(handlers: Handlers, calls: string[]): ServerMethod[] {
  return Object.entries(handlers).map(([property, handler]) => {
    const definition = TestServiceDefinition.methods.find((method) => method.property === property);
    if (definition === undefined) throw new Error(`no method ${property}`);
    const counted: Handler = (message, context) => {
      calls.push(property);
      return handler(message, context);
    };
    return { definition, handler: counted };
  });
}

export function clientOf(resolver: Resolver, options: Partial<RpcClientOptions> = {}): RpcClient {
  return new RpcClient({
    ...system,
    resolver,
    security: { isPlaintextAllowed: false },
    self: { service: 'caller', instanceId: 'caller-1', incarnation: 'only' },
    ...options,
  });
}

export interface Connected {
  readonly client: RpcClient;
  readonly channel: ServiceChannel;
  readonly resolver: HeldResolver;
}

/** What one test has opened, to be closed after it, the last first. */
export class Stage {
  private readonly open: { close(): Promise<void> }[] = [];

  async provider(...args: Parameters<typeof Provider.start>): Promise<Provider> {
    const provider = await Provider.start(...args);
    this.open.unshift(provider);
    return provider;
  }

  /** Takes turns among instances, so that a test knows who is asked. */
  caller(resolver: Resolver, options: Partial<RpcClientOptions> = {}): RpcClient {
    const client = clientOf(resolver, { balancers: { [SERVICE]: 'round-robin' }, ...options });
    this.open.unshift(client);
    return client;
  }

  /** A client whose connections to all of these stand. */
  async connected(providers: readonly Provider[], options: Partial<RpcClientOptions> = {}): Promise<Connected> {
    const resolver = new HeldResolver(providers.map((each) => each.instance()));
    const client = this.caller(resolver, options);
    const channel = client.channel(SERVICE);
    await until('all are usable', () => channel.instances().every((each) => each.isUsable));
    return { client, channel, resolver };
  }

  async close(): Promise<void> {
    for (const thing of this.open.splice(0)) await thing.close();
  }
}

/** A handler that waits at a gate, and how many wait there. */
export class Gate {
  readonly signals: AbortSignal[] = [];
  private readonly waiting: ((response: object) => void)[] = [];

  get entered(): number {
    return this.signals.length;
  }

  readonly handler: Handler = (_request, context) => {
    this.signals.push(context.signal);
    return new Promise((resolve) => this.waiting.push(resolve));
  };

  open(): void {
    for (const resolve of this.waiting.splice(0)) resolve(response);
  }
}

/** What a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`succeeded with ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );
}
