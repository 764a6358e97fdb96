import { Injectable, Logger, type OnApplicationBootstrap, Optional } from '@nestjs/common';
import { TokenVerifier } from '@rookery/rpc';
import { Clock, Random, Scheduler } from '@rookery/runtime';
import { Drain, type DrainParticipant, Endpoints, StartError } from '@rookery/service-kit';
import { CallTelemetry, Metrics, TraceIds } from '@rookery/telemetry';

import { GatewayConfig } from '../app.config.js';
import { OpenApiDocument } from '../openapi/openapi-document.js';
import { EdgeStreams, type StreamLimits } from '../streams/edge-streams.js';
import { AccessLog, type AccessLogOptions } from './access-log.js';
import type { TokenCheck } from './caller-identity.js';
import { EdgeCaller } from './edge-caller.js';
import { EdgeGate } from './edge-gate.js';
import { EdgeServer } from './edge-server.js';
import { EdgeTally } from './edge-tally.js';
import { EdgeView } from './edge-view.js';
import type { EdgeLimits } from './listener.js';
import { LiveContracts } from './live-contracts.js';
import { ProviderCaller } from './provider-caller.port.js';
import { trustedTokens } from './trust.js';

/** Proxies cut a connection that is silent for a minute, most of them. */
const BEAT_MS = 15_000;

/** The public listener as a part of the service: it opens with the app, is in the registry, and drains in order. */
@Injectable()
export class Edge implements OnApplicationBootstrap {
  private readonly server: EdgeServer;

  constructor(
    private readonly config: GatewayConfig,
    private readonly endpoints: Endpoints,
    drain: Drain,
    contracts: LiveContracts,
    providers: ProviderCaller,
    clock: Clock,
    random: Random,
    scheduler: Scheduler,
    metrics: Metrics,
    calls: CallTelemetry,
    @Optional() verifier?: TokenVerifier,
  ) {
    const tally = tallyIn(metrics);
    const view = new EdgeView(calls);
    const streams = new EdgeStreams(providers, tally.streams, streamLimitsOf(config), { clock, random, scheduler });
    this.server = new EdgeServer({
      gate: gateOf(config, contracts, trustedTokens(verifier)),
      caller: new EdgeCaller(providers, streams),
      streams,
      tally,
      view,
      log: new AccessLog(tally, view, clock, new Logger('edge'), linesOf(config)),
      clock,
      scheduler,
      traceIds: new TraceIds(random),
      limits: limitsOf(config),
    });
    drain.add(this.participant(tally));
  }

  async onApplicationBootstrap(): Promise<void> {
    const { GATEWAY_HOST, GATEWAY_PORT } = this.config;
    try {
      this.endpoints.add('edge', await this.server.listen(GATEWAY_HOST, GATEWAY_PORT));
    } catch (error) {
      throw new StartError(
        `GATEWAY_PORT: port ${GATEWAY_PORT} of ${GATEWAY_HOST} cannot be bound: ${reasonOf(error)}`,
        {
          cause: error,
        },
      );
    }
  }

  private participant(tally: EdgeTally): DrainParticipant {
    return {
      name: 'edge',
      stop: () => this.server.beginDrain(),
      drain: () => this.server.close(),
      inFlight: () => tally.inFlight,
      accepted: () => tally.accepted,
    };
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? 'another process has it' : error.message;
}

function tallyIn(metrics: Metrics): EdgeTally {
  const tally = new EdgeTally();
  tally.register(metrics);
  return tally;
}

function gateOf(config: GatewayConfig, { routes }: LiveContracts, tokens: TokenCheck): EdgeGate {
  const document = new OpenApiDocument();
  const openApi = (): string => document.of(routes.table);
  return new EdgeGate({ routes, tokens, longestTimeoutMs: config.GATEWAY_MAX_TIMEOUT_MS, openApi });
}

function linesOf({ GATEWAY_ACCESS_LOG, GATEWAY_SLOW_MS }: GatewayConfig): AccessLogOptions {
  return { lines: GATEWAY_ACCESS_LOG, slowMs: GATEWAY_SLOW_MS };
}

function limitsOf(config: GatewayConfig): EdgeLimits {
  return {
    bodyBytes: config.GATEWAY_BODY_LIMIT,
    headerBytes: config.GATEWAY_HEADER_LIMIT,
    connections: config.GATEWAY_MAX_CONNECTIONS,
    requestMs: config.GATEWAY_REQUEST_MS,
    headersMs: Math.min(config.GATEWAY_REQUEST_MS, 10_000),
    keepAliveMs: config.GATEWAY_KEEP_ALIVE_MS,
    // A provider may use up its time before anything can move.
    stallMs: config.GATEWAY_MAX_TIMEOUT_MS + config.GATEWAY_REQUEST_MS,
  };
}

function streamLimitsOf(config: GatewayConfig): StreamLimits {
  return {
    streams: config.GATEWAY_MAX_STREAMS,
    streamsPerCaller: config.GATEWAY_MAX_STREAMS_PER_CALLER,
    longestMs: config.GATEWAY_MAX_STREAM_MS,
    // Silence must not pass for a stall either.
    beatMs: Math.min(BEAT_MS, limitsOf(config).stallMs / 3),
  };
}
