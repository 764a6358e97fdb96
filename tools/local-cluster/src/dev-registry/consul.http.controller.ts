import type { IncomingMessage } from 'node:http';
import type { Random, Scheduler } from '@rookery/runtime';
import type { AgentCatalogue } from './agent-catalogue.js';
import { hold, parseBlocking } from './blocking-read.js';
import { toAgentHealth, toAgentService, toCheck, toHealthEntries, toServiceTags } from './catalogue.mapper.js';
import { type CheckStatus, parseCheckUpdate, parseRegistration } from './service-registration.js';

/** Consul's own limit on a registration. */
const MAX_BODY_BYTES = 524_288;

export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly text?: string;
}

interface Call {
  /** What stands at the end of the path. */
  readonly name: string;
  readonly query: URLSearchParams;
  readonly request: IncomingMessage;
  readonly signal: AbortSignal;
}

interface Route {
  readonly method: 'GET' | 'PUT';
  /** A path that ends in a slash takes a name after it. */
  readonly path: string;
  readonly answer: (call: Call) => HttpAnswer | Promise<HttpAnswer>;
}

export interface ConsulControllerOptions {
  readonly catalogue: AgentCatalogue;
  readonly random: Random;
  readonly scheduler: Scheduler;
  /** `host:port` of this registry. */
  readonly address: () => string;
}

const OK: HttpAnswer = { status: 200 };
const HEALTH_STATUS = { passing: 200, warning: 429, critical: 503, maintenance: 503 } as const;

/** The part of Consul's HTTP API that Rookery uses, answered as Consul would. */
export class ConsulHttpController {
  private readonly routes: readonly Route[] = [
    {
      method: 'GET',
      path: '/v1/status/leader',
      answer: () => ({ status: 200, json: this.options.address() }),
    },
    { method: 'GET', path: '/v1/catalog/services', answer: (call) => this.serviceTags(call) },
    { method: 'GET', path: '/v1/health/service/', answer: (call) => this.healthEntries(call) },
    { method: 'GET', path: '/v1/agent/services', answer: () => this.agentServices() },
    { method: 'GET', path: '/v1/agent/checks', answer: () => this.agentChecks() },
    { method: 'GET', path: '/v1/agent/health/service/id/', answer: (call) => this.agentHealth(call) },
    { method: 'PUT', path: '/v1/agent/service/register', answer: (call) => this.register(call) },
    { method: 'PUT', path: '/v1/agent/service/deregister/', answer: (call) => this.deregister(call) },
    { method: 'PUT', path: '/v1/agent/service/maintenance/', answer: (call) => this.maintenance(call) },
    { method: 'PUT', path: '/v1/agent/check/pass/', answer: (call) => this.setCheck(call, 'passing') },
    { method: 'PUT', path: '/v1/agent/check/warn/', answer: (call) => this.setCheck(call, 'warning') },
    { method: 'PUT', path: '/v1/agent/check/fail/', answer: (call) => this.setCheck(call, 'critical') },
    { method: 'PUT', path: '/v1/agent/check/update/', answer: (call) => this.updateCheck(call) },
    { method: 'PUT', path: '/v1/agent/check/deregister/', answer: (call) => this.deregisterCheck(call) },
  ];

  constructor(private readonly options: ConsulControllerOptions) {}

  async answer(request: IncomingMessage, signal: AbortSignal): Promise<HttpAnswer> {
    const url = URL.parse(`http://registry${request.url ?? '/'}`);
    const path = url?.pathname ?? '/';
    const route = this.routes.find((one) => (one.path.endsWith('/') ? path.startsWith(one.path) : path === one.path));
    const name = route === undefined ? undefined : decode(path.slice(route.path.length));
    if (route === undefined || url === null || name === undefined) {
      return text(
        404,
        `the dev registry does not know ${path}: it speaks only the part of Consul's API that Rookery uses`,
      );
    }
    if (request.method !== route.method) return text(405, `method ${request.method ?? ''} not allowed`);
    return route.answer({ name, query: url.searchParams, request, signal });
  }

  private async serviceTags(call: Call): Promise<HttpAnswer> {
    const { catalogue } = this.options;
    return this.read(call, () => catalogue.servicesIndex, () => toServiceTags(catalogue)); // prettier-ignore
  }

  private async healthEntries(call: Call): Promise<HttpAnswer> {
    const { catalogue } = this.options;
    const isPassingOnly = call.query.has('passing') && call.query.get('passing') !== 'false';
    return this.read(
      call,
      () => catalogue.serviceIndex(call.name),
      () => toHealthEntries(catalogue, call.name, isPassingOnly),
    );
  }

  private async read({ query, signal }: Call, indexOf: () => number, body: () => unknown): Promise<HttpAnswer> {
    const blocking = parseBlocking(query);
    if ('problem' in blocking) return text(400, blocking.problem);
    await hold({ ...this.options, ...blocking, indexOf, signal });
    const index = { 'X-Consul-Index': String(indexOf()) };
    return {
      status: 200,
      headers: { ...index, 'X-Consul-KnownLeader': 'true', 'X-Consul-LastContact': '0' },
      json: body(),
    };
  }

  private agentServices(): HttpAnswer {
    const services = [...this.options.catalogue.services.values()].map((one) => [one.id, toAgentService(one)] as const);
    return { status: 200, json: Object.fromEntries(services) };
  }

  private agentChecks(): HttpAnswer {
    const { catalogue } = this.options;
    const checks = [...catalogue.checks.values()].map((check) => [check.id, toCheck(catalogue, check)] as const);
    return { status: 200, json: Object.fromEntries(checks) };
  }

  /** The status of the answer is that of the service. */
  private agentHealth({ name }: Call): HttpAnswer {
    const json = toAgentHealth(this.options.catalogue, name);
    return { status: json.Service === null ? 404 : HEALTH_STATUS[json.AggregatedStatus], json };
  }

  private async register({ query, request }: Call): Promise<HttpAnswer> {
    const body = await readBody(request);
    if (body === undefined) return text(413, `the body is larger than ${MAX_BODY_BYTES} bytes`);
    const registration = parseRegistration(body);
    if ('problem' in registration) return text(400, registration.problem);
    this.options.catalogue.register(registration, query.get('replace-existing-checks') === 'true');
    return OK;
  }

  private deregister({ name }: Call): HttpAnswer {
    return this.options.catalogue.deregister(name) ? OK : text(404, `Unknown service ID "${name}"`);
  }

  private maintenance({ name, query }: Call): HttpAnswer {
    const enable = query.get('enable');
    if (enable === null) return text(400, 'Missing value for enable');
    if (enable !== 'true' && enable !== 'false') return text(400, `Invalid value for enable: "${enable}"`);
    const isKnown = this.options.catalogue.setMaintenance(name, enable === 'true', query.get('reason') ?? '');
    return isKnown ? OK : text(404, `No service registered with ID "${name}"`);
  }

  private setCheck({ name, query }: Call, status: CheckStatus): HttpAnswer {
    const isKnown = this.options.catalogue.updateCheck(name, status, query.get('note') ?? '');
    return isKnown ? OK : unknownCheck(name);
  }

  private async updateCheck({ name, request }: Call): Promise<HttpAnswer> {
    const update = parseCheckUpdate((await readBody(request)) ?? '');
    if ('problem' in update) return text(400, update.problem);
    return this.options.catalogue.updateCheck(name, update.Status, update.Output) ? OK : unknownCheck(name);
  }

  private deregisterCheck({ name }: Call): HttpAnswer {
    return this.options.catalogue.deregisterCheck(name) ? OK : unknownCheck(name);
  }
}

function text(status: number, words: string): HttpAnswer {
  return { status, text: words };
}

/** Consul says 404 here since 1.11; older ones said 500. */
function unknownCheck(checkId: string): HttpAnswer {
  return text(404, `Unknown check ID "${checkId}". Ensure that the check ID is passed, not the check name.`);
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    // A broken escape names nothing.
    return undefined;
  }
}

/** Undefined when there is more than the limit. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
