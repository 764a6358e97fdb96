import { EventEmitter } from 'node:events';
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { types } from 'node:util';
import { DomainError } from '@rookery/runtime';
import Consul from 'consul';
import { z } from 'zod';
import { toError } from '../to-error.js';

/** For everything that is answered at once; also what a blocking query gets on top of its wait. */
const ANSWER_MS = 5_000;

/** A catalogue entry with its checks, as far as discovery reads it. */
const serviceEntry = z.object({
  Node: z.object({ Node: z.string(), Address: z.string() }),
  Service: z.object({
    ID: z.string(),
    Service: z.string(),
    Address: z.string().nullish(),
    Port: z.number().nullish(),
    Meta: z.record(z.string(), z.string()).nullish(),
    Weights: z.object({ Passing: z.number() }).nullish(),
  }),
  Checks: z.array(z.object({ CheckID: z.string(), Status: z.string() })),
});

const serviceEntries = z.array(serviceEntry);
const servicesByName = z.record(z.string(), z.unknown());

export type ConsulServiceEntry = z.infer<typeof serviceEntry>;

export interface ConsulRegistration {
  readonly ID: string;
  readonly Name: string;
  readonly Address: string;
  readonly Port: number;
  readonly Meta: Readonly<Record<string, string>>;
  readonly Weights: { readonly Passing: number; readonly Warning: number };
  readonly Check: {
    readonly CheckID: string;
    readonly TTL: string;
    readonly Status: 'passing' | 'critical';
    readonly DeregisterCriticalServiceAfter: string;
  };
}

export interface ConsulAnswer<T> {
  /** As Consul sent it; 0 when it sent none. */
  readonly index: number;
  readonly content: T;
}

/** How to ask: with an index above 0 Consul answers when its index has passed it, or after `waitMs` plus up to a 16th. */
export interface ConsulQuery {
  readonly index?: number;
  readonly waitMs?: number;
  /** The leader makes sure that it still leads before it answers. */
  readonly isConsistent?: boolean;
  readonly signal?: AbortSignal;
}

interface Caller extends EventEmitter {
  includeResponse?: boolean;
}

interface Request {
  transport: { request(options: unknown): ClientRequest };
}

/** What the client offers to extensions and does not declare. */
interface OpenClient {
  _put(request: object): Promise<unknown>;
  _ext(event: 'onRequest', extension: (request: Request, next: () => void) => void): void;
  emit(event: 'log', tags: readonly string[], data: unknown): boolean;
}

export interface ConsulClientOptions {
  /** Such as `http://127.0.0.1:8500`; `https:` and credentials in it are understood. */
  readonly url: string;
  /** An ACL token, sent with each request. */
  readonly token?: string | undefined;
}

/**
 * The npm client `consul` with types, and without its traps: every request has a time limit, can be cancelled by an
 * AbortSignal, ends when its connection breaks in the middle of an answer, and sends the weights, which `register` of the
 * client leaves out. Rejects with DomainError REGISTRY_UNAVAILABLE when Consul did not answer or cannot (5xx, 429), and
 * REGISTRY_REFUSED when it does not accept the request; `metadata.status` then tells its HTTP status.
 */
export class ConsulClient {
  private readonly consul: Consul;

  constructor(private readonly options: ConsulClientOptions) {
    const baseUrl = `${parseUrl(options.url)}/v1`;
    const defaults = options.token === undefined ? {} : { defaults: { token: options.token } };
    const given: object = { baseUrl, ...defaults };
    this.consul = new Consul(given);
    this.open._ext('onRequest', (request, next) => {
      request.transport = endingTransport(request.transport);
      next();
    });
  }

  async serviceEntries(service: string, query: ConsulQuery = {}): Promise<ConsulAnswer<readonly ConsulServiceEntry[]>> {
    return this.ask(`health/service/${service}`, query, serviceEntries, (options) =>
      this.consul.health.service({ service, ...options }),
    );
  }

  async serviceNames(query: ConsulQuery = {}): Promise<ConsulAnswer<readonly string[]>> {
    const answer = await this.ask('catalog/services', query, servicesByName, (options) =>
      this.consul.catalog.service.list(options),
    );
    return { index: answer.index, content: Object.keys(answer.content) };
  }

  /** Left-over checks of an earlier registration under the same id, maintenance included, are removed. */
  async register(registration: ConsulRegistration, timeoutMs: number): Promise<void> {
    const headers = this.options.token === undefined ? {} : { 'x-consul-token': this.options.token };
    await this.tell('agent/service/register', () =>
      this.open._put({
        name: 'agent.service.register',
        path: '/agent/service/register',
        query: { 'replace-existing-checks': 'true' },
        type: 'json',
        headers,
        body: registration,
        timeout: timeoutMs,
      }),
    );
  }

  /** An id that the agent does not know is as good as deregistered. */
  async deregister(id: string, timeoutMs: number): Promise<void> {
    const options = { id, timeout: timeoutMs };
    try {
      await this.tell(`agent/service/deregister/${id}`, () => this.consul.agent.service.deregister(options));
    } catch (error) {
      // With ACLs on, Consul 1.8 calls an unknown service a failure of its own.
      const isUnknown = statusOf(error) === 404 || toError(error).message.includes('Unknown service');
      if (!isUnknown) throw error;
    }
  }

  async setMaintenance(id: string, isEnabled: boolean, reason: string, timeoutMs: number): Promise<void> {
    const options = { id, enable: isEnabled, reason, timeout: timeoutMs };
    await this.tell(`agent/service/maintenance/${id}`, () => this.consul.agent.service.maintenance(options));
  }

  /** `forgotten`: the agent has no such check. Which status says so (404, or 500 up to Consul 1.10) depends on its version. */
  async pass(checkId: string, timeoutMs: number): Promise<'passed' | 'forgotten'> {
    const options = { id: checkId, timeout: timeoutMs };
    try {
      await this.tell(`agent/check/pass/${checkId}`, () => this.consul.agent.check.pass(options));
      return 'passed';
    } catch (error) {
      const status = statusOf(error);
      if (status === 404 || status === 500) return 'forgotten';
      throw error;
    }
  }

  /** Closes idle and busy connections. */
  close(): void {
    this.consul.destroy();
  }

  private get open(): OpenClient {
    return this.consul as unknown as OpenClient;
  }

  private async ask<T>(
    path: string,
    { index = 0, waitMs = 0, isConsistent = false, signal }: ConsulQuery,
    schema: z.ZodType<T>,
    call: (options: object) => Promise<unknown>,
  ): Promise<ConsulAnswer<T>> {
    const isBlocking = index > 0 && waitMs > 0;
    const caller: Caller = new EventEmitter();
    caller.includeResponse = true;
    const cancel = (): boolean => caller.emit('cancel');
    signal?.addEventListener('abort', cancel, { once: true });
    const options = {
      ctx: caller,
      consistent: isConsistent,
      timeout: isBlocking ? waitMs + waitMs / 16 + ANSWER_MS : ANSWER_MS,
      ...(isBlocking ? { index: String(index), wait: `${Math.round(waitMs)}ms` } : {}),
    };
    try {
      const answer = throwIfError(await call(options));
      const [response, body] = answer as [{ headers: IncomingHttpHeaders }, unknown];
      return { index: indexOf(response.headers), content: schema.parse(body) };
    } catch (error) {
      throw toDomainError(path, error);
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  private async tell(path: string, call: () => Promise<unknown>): Promise<void> {
    try {
      throwIfError(await call());
    } catch (error) {
      throw toDomainError(path, error);
    }
  }
}

function parseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    const message = `the registry's URL must look like http://127.0.0.1:8500, got ${JSON.stringify(text)}`;
    throw new DomainError('CONSUL_URL_INVALID', message, { kind: 'invalid-argument' });
  }
  return url.href.replace(/\/+$/, '');
}

/**
 * The client waits for the end of an answer alone, so a connection that breaks in the middle of one would leave the request
 * open until its time limit.
 */
function endingTransport(transport: Request['transport']): Request['transport'] {
  return {
    request: (options) => {
      const request = transport.request(options);
      request.once('response', (response: IncomingMessage) =>
        response.once('error', (error) => request.emit('error', error)),
      );
      return request;
    },
  };
}

/** The client resolves with an error that is of another realm than its own. */
function throwIfError(value: unknown): unknown {
  if (types.isNativeError(value)) throw value;
  return value;
}

function indexOf(headers: IncomingHttpHeaders): number {
  const index = Number(headers['x-consul-index']);
  return Number.isSafeInteger(index) ? index : 0;
}

function statusOf(error: unknown): number | undefined {
  const status = error instanceof DomainError ? error.metadata['status'] : undefined;
  return status === undefined ? undefined : Number(status);
}

function toDomainError(path: string, thrown: unknown): DomainError {
  const cause = toError(thrown);
  const status = 'statusCode' in cause && typeof cause.statusCode === 'number' ? cause.statusCode : undefined;
  if (status === undefined) {
    const reason = cause instanceof z.ZodError ? 'the answer is not Consul’s' : cause.message || cause.name;
    return new DomainError('REGISTRY_UNAVAILABLE', `Consul, ${path}: ${reason}`, { kind: 'unavailable', cause });
  }
  const message = `Consul, ${path}: ${status} ${cause.message}`;
  const metadata = { status: String(status) };
  if (status === 429 || status >= 500) {
    return new DomainError('REGISTRY_UNAVAILABLE', message, { kind: 'unavailable', metadata, cause });
  }
  const kind = status === 401 || status === 403 ? 'permission-denied' : 'failed-precondition';
  return new DomainError('REGISTRY_REFUSED', message, { kind, metadata, cause });
}
