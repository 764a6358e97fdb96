import type { ChannelCallOptions } from '@rookery/rpc';

import type { RequestParts } from '../routing/request-reader.js';
import { type VersionChoice, chooseVersion } from '../routing/version-choice.js';
import { disconnectSignal } from './disconnect-signal.js';
import type { Admission, Exchange } from './exchange.js';
import { forwardedMetadata, type Metadata } from './forwarded-metadata.js';
import { IDEMPOTENCY_KEY, idempotencyKeyOf } from './idempotency-key.js';
import { parseJson } from './json-body.js';
import { refuse } from './problem.js';
import type { EdgeStreams } from '../streams/edge-streams.js';
import type { ProviderCaller } from './provider-caller.port.js';

type CallOptions = { -readonly [K in keyof ChannelCallOptions]: ChannelCallOptions[K] };

/** Turns an admitted request into a provider's call, and the provider's answer into the response. */
export class EdgeCaller {
  constructor(
    private readonly providers: Pick<ProviderCaller, 'call'>,
    private readonly streams: Pick<EdgeStreams, 'start'>,
  ) {}

  call(exchange: Exchange, body: Buffer | undefined): void {
    try {
      const { admission } = exchange;
      if (admission === undefined) throw new TypeError('the request was not admitted');
      const choice = choose(admission, body);
      const options = optionsOf(exchange, admission, choice);
      if (choice.offer.method.responseStream) {
        this.streams.start(exchange, admission.route.service, choice, options);
        return;
      }
      this.providers.call(admission.route.service, choice.offer.method, choice.message, options).then(
        (json) => exchange.succeed(json),
        (error: unknown) => exchange.fail(error),
      );
    } catch (error) {
      exchange.fail(error);
    }
  }
}

function choose(admission: Admission, body: Buffer | undefined): VersionChoice {
  const { route, permitted, segments, query } = admission;
  const takesBody = permitted.some((version) => version.offer.reader.takesBody);
  if (!takesBody && !isVoid(body)) throw refuse(400, 'BODY_NOT_ALLOWED', `${route.name} takes no body`);
  const parts = (): RequestParts => ({ segments, query, body: takesBody ? parseJson(body) : undefined });
  return chooseVersion(route, permitted, parts);
}

/** Clients that send `{}` with every request mean nothing by it. */
function isVoid(body: Buffer | undefined): boolean {
  return (
    body === undefined || body.length === 0 || (body.length < 8 && /^\s*(\{\s*\})?\s*$/.test(body.toString('latin1')))
  );
}

function optionsOf(exchange: Exchange, admission: Admission, choice: VersionChoice): CallOptions {
  const { request, traceparent, tracestate } = exchange;
  const { principal, timeoutMs } = admission;
  const options: CallOptions = { traceparent, signal: disconnectSignal(request.socket) };
  if (timeoutMs !== Infinity) options.timeoutMs = timeoutMs;
  if (tracestate !== undefined) options.tracestate = tracestate;
  if (principal !== undefined) options.token = principal.token;
  if (choice.eligible !== undefined) options.eligible = choice.eligible;
  const metadata = metadataOf(exchange, choice);
  if (metadata !== undefined) options.metadata = metadata;
  return options;
}

function metadataOf(exchange: Exchange, { offer }: VersionChoice): Metadata | undefined {
  const { headers, method } = exchange.request;
  const forwarded = forwardedMetadata(headers);
  if (offer.method.idempotency === 'no-side-effects' || method === 'GET' || method === 'HEAD') return forwarded;
  const key = idempotencyKeyOf(headers);
  exchange.idempotencyKey = key;
  return { ...forwarded, [IDEMPOTENCY_KEY]: key };
}
