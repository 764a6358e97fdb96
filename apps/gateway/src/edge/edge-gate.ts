import type { IncomingMessage } from 'node:http';

import type { Principal } from '@rookery/rpc';
import { DomainError } from '@rookery/runtime';

import type { LiveRoutes } from '../routing/live-routes.js';
import type { RouteMatch } from '../routing/route-tree.js';
import { type Route, RESERVED_PATHS } from '../routing/route-table.js';
import { type TokenCheck, identify, permitted } from './caller-identity.js';
import type { Exchange } from './exchange.js';
import { refuse } from './problem.js';
import { timeLimit } from './time-limit.js';

export interface GateOptions {
  readonly routes: Pick<LiveRoutes, 'table' | 'isComplete'>;
  readonly tokens: TokenCheck;
  readonly longestTimeoutMs: number;
  /** The OpenAPI document of this moment. */
  readonly openApi: () => string;
}

/**
 * Decides on a request by its head alone, before a byte of its body is read: which route, who calls, how long it may
 * take. Whatever it refuses or can answer itself ends there.
 */
export class EdgeGate {
  constructor(private readonly options: GateOptions) {}

  /** True or a promise of true: let in. False: answered. */
  admit(exchange: Exchange): boolean | Promise<boolean> {
    try {
      const url = targetOf(exchange.request);
      const mark = url.indexOf('?');
      const path = mark < 0 ? url : url.slice(0, mark);
      const match = this.find(exchange.request.method ?? 'GET', path);
      if (match === undefined) return this.answerUnrouted(exchange, path);
      exchange.routeName = match.route.name;
      return this.authenticate(exchange, match, mark < 0 ? '' : url.slice(mark + 1));
    } catch (error) {
      exchange.fail(error);
      return false;
    }
  }

  private find(method: string, path: string): RouteMatch<Route> | undefined {
    const { tree } = this.options.routes.table;
    return tree.find(method, path) ?? (method === 'HEAD' ? tree.find('GET', path) : undefined);
  }

  private authenticate(exchange: Exchange, match: RouteMatch<Route>, query: string): boolean | Promise<boolean> {
    const { headers } = exchange.request;
    const principal = identify(headers.authorization, this.options.tokens);
    if (!(principal instanceof Promise)) return this.enter(exchange, match, query, principal);
    return principal
      .then((verified) => this.enter(exchange, match, query, verified))
      .catch((error: unknown) => {
        exchange.fail(error);
        return false;
      });
  }

  private enter(
    exchange: Exchange,
    match: RouteMatch<Route>,
    query: string,
    principal: Principal | undefined,
  ): boolean {
    const { route, segments } = match;
    const versions = permitted(route, principal);
    const method = versions[0]?.offer.method;
    if (method?.requestStream === true) {
      throw refuse(501, 'STREAMING_UNSUPPORTED', `${method.path} takes a stream, which nobody can send it over HTTP`);
    }
    const mostMs = method?.responseStream === true ? Infinity : this.options.longestTimeoutMs;
    const timeoutMs = timeLimit(exchange.request.headers, mostMs);
    if (timeoutMs <= 0) {
      throw new DomainError('DEADLINE_EXCEEDED', 'the deadline leaves no time to ask anybody', {
        kind: 'deadline-exceeded',
      });
    }
    exchange.admission = { route, permitted: versions, segments, query, principal, timeoutMs };
    return true;
  }

  private unknown(path: string): Error {
    if (this.options.routes.isComplete) {
      return refuse(404, 'ROUTE_UNKNOWN', `nothing is served at ${path.slice(0, 200)}`);
    }
    return new DomainError('ROUTES_INCOMPLETE', "a provider's routes are still being read, this may be one of them", {
      kind: 'unavailable',
      retryAfterMs: 1000,
    });
  }

  private answerUnrouted(exchange: Exchange, path: string): false {
    const { method = 'GET' } = exchange.request;
    const methods = RESERVED_PATHS.includes(path) ? ['GET'] : this.options.routes.table.tree.methodsAt(path);
    if (RESERVED_PATHS.includes(path) && (method === 'GET' || method === 'HEAD')) {
      exchange.succeed(this.options.openApi());
      return false;
    }
    if (methods.length === 0) throw this.unknown(path);
    const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
    if (method !== 'OPTIONS') {
      throw refuse(405, 'METHOD_NOT_ALLOWED', `${method} is not served here, only ${allow}`, { headers: { allow } });
    }
    exchange.finish(204, { allow });
    return false;
  }
}

const SLASH = 0x2f;
const ORIGIN = /^https?:\/\/[^/?]*/i;

/** Path and query, also of a request that names the whole URL, as one to a proxy does. Throws ProblemError. */
function targetOf({ url = '/', headers, httpVersion }: IncomingMessage): string {
  if (headers.host === undefined && httpVersion === '1.1') {
    throw refuse(400, 'REQUEST_MALFORMED', 'a request of HTTP/1.1 names the host');
  }
  if (url.charCodeAt(0) === SLASH) return url;
  const target = url.replace(ORIGIN, '');
  return target === '' || target.startsWith('?') ? `/${target}` : target;
}
