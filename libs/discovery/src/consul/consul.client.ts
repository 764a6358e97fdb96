import { EventEmitter } from 'node:events';
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { DomainError } from '@rookery/runtime';
import Consul from 'consul';
import { z } from 'zod';
import { toError } from '../to-error.js';
import { type HeldService, toHeldService } from './held-service.js';
import { statusOf, throwIfError, toDomainError } from './request-failure.js';

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
  readonly Check: ConsulCheckDefinition;
}

/** Status counts for a check that the agent does not hold yet; one that it holds keeps its own. */
export interface ConsulCheckDefinition {
  readonly CheckID: string;
  readonly DeregisterCriticalServiceAfter: string;
  readonly Status?: 'passing';
  readonly TTL?: string;
  readonly GRPC?: string;
  readonly GRPCUseTLS?: boolean;
  readonly TLSSkipVerify?: boolean;
  readonly Interval?: string;
  readonly Timeout?: string;
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
  _get(request: object): Promise<unknown>;
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

  /** Checks that the agent holds under the same id stay, maintenance included. */
  async register(registration: ConsulRegistration, timeoutMs: number): Promise<void> {
    await this.tell('agent/service/register', () =>
      this.open._put({
        name: 'agent.service.register',
        path: '/agent/service/register',
        type: 'json',
        headers: this.headers,
        body: registration,
        timeout: timeoutMs,
      }),
    );
  }

  /** Whatever its state; undefined when the agent knows no such service. */
  async held(id: string, timeoutMs: number): Promise<HeldService | undefined> {
    const path = `agent/health/service/id/${id}`;
    const request = { name: path, path: '/agent/health/service/id/{id}', params: { id }, headers: this.headers };
    const ctx: Caller = new EventEmitter();
    ctx.includeResponse = true;
    try {
      const answer = await this.open._get({ ...request, ctx, timeout: timeoutMs }).then(throwIfError);
      return toHeldService((answer as { body: unknown }).body, id);
    } catch (error) {
      // The status of the answer is that of the service: 404, 429 and 503 come with the same body as 200.
      return this.heldByFailure(path, id, error);
    }
  }

  /** An id that the agent does not know is as good as deregistered. */
  async deregister(id: string, timeoutMs: number): Promise<void> {
    const options = { id, timeout: timeoutMs };
    await this.remove(`agent/service/deregister/${id}`, () => this.consul.agent.service.deregister(options));
  }

  /** A check that the agent does not know is as good as removed. */
  async removeCheck(checkId: string, timeoutMs: number): Promise<void> {
    const options = { id: checkId, timeout: timeoutMs };
    await this.remove(`agent/check/deregister/${checkId}`, () => this.consul.agent.check.deregister(options));
  }

  /** `forgotten`: the agent has no such service. */
  async setMaintenance(
    id: string,
    isEnabled: boolean,
    reason: string,
    timeoutMs: number,
  ): Promise<'done' | 'forgotten'> {
    const options = { id, enable: isEnabled, reason, timeout: timeoutMs };
    try {
      await this.tell(`agent/service/maintenance/${id}`, () => this.consul.agent.service.maintenance(options));
      return 'done';
    } catch (error) {
      if (isUnknown(error)) return 'forgotten';
      throw error;
    }
  }

  async pass(checkId: string, timeoutMs: number): Promise<void> {
    const options = { id: checkId, timeout: timeoutMs };
    await this.tell(`agent/check/pass/${checkId}`, () => this.consul.agent.check.pass(options));
  }

  /** Closes idle and busy connections. */
  close(): void {
    this.consul.destroy();
  }

  private get open(): OpenClient {
    return this.consul as unknown as OpenClient;
  }

  private get headers(): Readonly<Record<string, string>> {
    return this.options.token === undefined ? {} : { 'x-consul-token': this.options.token };
  }

  private async ask<T>(
    path: string,
    { index = 0, waitMs = 0, isConsistent = false, signal }: ConsulQuery,
    schema: z.ZodType<T>,
    call: (options: object) => Promise<unknown>,
  ): Promise<ConsulAnswer<T>> {
    const caller: Caller = new EventEmitter();
    caller.includeResponse = true;
    const cancel = (): boolean => caller.emit('cancel');
    signal?.addEventListener('abort', cancel, { once: true });
    const options = {
      ctx: caller,
      consistent: isConsistent,
      ...holding(index, waitMs),
    };
    try {
      signal?.throwIfAborted();
      const answer = throwIfError(await call(options));
      const [response, body] = answer as [{ headers: IncomingHttpHeaders }, unknown];
      return { index: indexOf(response.headers), content: schema.parse(body) };
    } catch (error) {
      throw toDomainError(path, error);
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  private heldByFailure(path: string, id: string, thrown: unknown): HeldService | undefined {
    const { response } = toError(thrown) as { response?: { body?: unknown } };
    try {
      return toHeldService(response?.body, id);
    } catch {
      // Not the answer that was asked for, so the failure is what it seems.
      throw toDomainError(path, thrown);
    }
  }

  private async remove(path: string, call: () => Promise<unknown>): Promise<void> {
    try {
      await this.tell(path, call);
    } catch (error) {
      if (!isUnknown(error)) throw error;
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

/** An answer to a blocking query may take its wait, and up to a 16th of it that Consul adds. */
function holding(index: number, waitMs: number): object {
  if (index <= 0 || waitMs <= 0) return { timeout: ANSWER_MS };
  const timeout = waitMs + waitMs / 16 + ANSWER_MS;
  return { timeout, index: String(index), wait: `${Math.round(waitMs)}ms` };
}

/** With ACLs on, Consul 1.8 calls an unknown service or check a failure of its own. */
function isUnknown(error: unknown): boolean {
  return statusOf(error) === 404 || toError(error).message.includes('Unknown ');
}

function indexOf(headers: IncomingHttpHeaders): number {
  const index = Number(headers['x-consul-index']);
  return Number.isSafeInteger(index) ? index : 0;
}
