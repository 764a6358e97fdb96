import { type DescMessage, fromBinary, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import type { ChannelCallOptions, Principal } from '@rookery/rpc';
import { DomainError, SystemClock, SystemScheduler } from '@rookery/runtime';
import { SeededRandom } from '@rookery/runtime/testing';
import { CallTelemetry, TraceIds } from '@rookery/telemetry';

import { Contract } from '../src/contracts/contract.js';
import type { KnownContract, ProviderContracts } from '../src/contracts/known-contract.js';
import { AccessLog } from '../src/edge/access-log.js';
import { EdgeCaller } from '../src/edge/edge-caller.js';
import { EdgeGate } from '../src/edge/edge-gate.js';
import { EdgeServer } from '../src/edge/edge-server.js';
import { EdgeTally } from '../src/edge/edge-tally.js';
import { EdgeView } from '../src/edge/edge-view.js';
import type { EdgeLimits } from '../src/edge/listener.js';
import { ProviderCaller } from '../src/edge/provider-caller.port.js';
import { OpenApiDocument } from '../src/openapi/openapi-document.js';
import type { ProviderMethod } from '../src/routing/provider-method.js';
import { EdgeStreams, type StreamLimits } from '../src/streams/edge-streams.js';
import { offersOf } from '../src/routing/route-offer.js';
import { type RouteTable, buildRouteTable } from '../src/routing/route-table.js';
import { WireReader } from '../src/transcoding/wire-reader.js';
import { WireWriter } from '../src/transcoding/wire-writer.js';
import { descriptorSetOf } from './descriptor-set.js';

/** The contract of the named services in a proto file, as reflection would give it. */
export function contractOf(file: string, ...services: string[]): Contract {
  const set = fromBinary(FileDescriptorSetSchema, descriptorSetOf(file));
  return Contract.fromFiles(
    set.file.map((one) => toBinary(FileDescriptorProtoSchema, one)),
    services,
  );
}

export function known(contract: Contract, key: string): KnownContract {
  return { ...offersOf(contract), key, isServed: true };
}

export function provider(service: string, ...contracts: KnownContract[]): ProviderContracts {
  return { service, since: 0, contracts, hasUnread: false };
}

export interface ReceivedCall {
  readonly service: string;
  readonly method: ProviderMethod;
  readonly message: Uint8Array;
  readonly options: ChannelCallOptions;
}

export type Answer = (call: ReceivedCall) => Promise<Uint8Array> | Uint8Array;
export type StreamAnswer = (call: ReceivedCall) => AsyncIterable<Uint8Array>;

/** A message of the contract from its JSON form. */
export function encodeAs(contract: Contract, typeName: string, value: unknown): Uint8Array {
  const writer = new WireWriter();
  contract.encoders.encoderOf(typeOf(contract, typeName)).write(value, writer, 0);
  return writer.finish();
}

/** The JSON form of a message of the contract. */
export function decodeAs(contract: Contract, typeName: string, bytes: Uint8Array): Record<string, unknown> {
  const text = contract.decoders.decoderOf(typeOf(contract, typeName)).read(new WireReader(bytes), bytes.length);
  return JSON.parse(text) as Record<string, unknown>;
}

function typeOf(contract: Contract, typeName: string): DescMessage {
  const type = contract.registry.getMessage(typeName);
  if (type === undefined) throw new Error(`the contract has no type ${typeName}`);
  return type;
}

/** Stands for all providers. By default a provider answers with an empty message, or with a stream without any. */
export class FakeProviders extends ProviderCaller {
  readonly calls: ReceivedCall[] = [];
  answer: Answer = () => new Uint8Array(0);
  answerStream: StreamAnswer = nothing;

  get last(): ReceivedCall {
    const call = this.calls.at(-1);
    if (call === undefined) throw new Error('no provider was called');
    return call;
  }

  async call(
    service: string,
    method: ProviderMethod,
    message: Uint8Array,
    options: ChannelCallOptions,
  ): Promise<string> {
    const call = { service, method, message, options };
    this.calls.push(call);
    return method.response.decode(await this.answer(call));
  }

  async *stream(
    service: string,
    method: ProviderMethod,
    message: Uint8Array,
    options: ChannelCallOptions,
  ): AsyncIterable<string> {
    const call = { service, method, message, options };
    this.calls.push(call);
    for await (const bytes of this.answerStream(call)) yield method.response.decode(bytes);
  }

  expect(): void {
    // Nothing to connect to.
  }
}

async function* nothing(): AsyncIterable<Uint8Array> {
  // Ends at once.
}

/** Believes `<subject>=<scope>+<scope>`, with `=<seconds>` behind it until then, and refuses what the specs of the token verifier cover with its own words. */
export function fakeVerify(token: string): Principal {
  if (token === 'expired') throw new DomainError('TOKEN_EXPIRED', 'the token has expired', { kind: 'unauthenticated' });
  const [subject = '', scopes, expiresAt = '4e9'] = token.split('=');
  if (scopes === undefined)
    throw new DomainError('TOKEN_INVALID', 'the token cannot be verified', { kind: 'unauthenticated' });
  return { subject, scopes: new Set(scopes.split('+')), token, expiresAt: Number(expiresAt) };
}

const LIMITS: EdgeLimits = {
  bodyBytes: 64 * 1024,
  headerBytes: 16 * 1024,
  connections: 100,
  requestMs: 30_000,
  headersMs: 10_000,
  keepAliveMs: 5000,
  stallMs: 30_000,
};

const STREAM_LIMITS: StreamLimits = { streams: 100, streamsPerCaller: 100, longestMs: 60_000, beatMs: 5000 };

export interface RunningEdge {
  readonly url: string;
  readonly port: number;
  readonly providers: FakeProviders;
  readonly tally: EdgeTally;
  /** What the edge reports. */
  readonly calls: CallTelemetry;
  readonly server: EdgeServer;
  readonly lines: object[];
  table: RouteTable;
  isComplete: boolean;
}

/** The edge on a free port, over faked providers. */
export async function startEdge(
  services: readonly ProviderContracts[],
  limits: Partial<EdgeLimits> = {},
  streamLimits: Partial<StreamLimits> = {},
): Promise<RunningEdge> {
  const providers = new FakeProviders();
  const tally = new EdgeTally();
  const clock = new SystemClock();
  const scheduler = new SystemScheduler();
  const ports = { clock, scheduler, random: new SeededRandom(2) };
  const streams = new EdgeStreams(providers, tally.streams, { ...STREAM_LIMITS, ...streamLimits }, ports);
  const calls = new CallTelemetry(clock);
  const view = new EdgeView(calls);
  const document = new OpenApiDocument();
  const lines: object[] = [];
  const routes = { table: buildRouteTable(services), isComplete: true };
  const gate = new EdgeGate({
    routes,
    tokens: { verify: fakeVerify },
    longestTimeoutMs: 10_000,
    openApi: () => document.of(routes.table),
  });
  const write =
    (level: string) =>
    (text: unknown, ...fields: unknown[]): number =>
      lines.push(Object.assign({ level, text }, ...fields) as object);
  const log = new AccessLog(
    tally,
    view,
    clock,
    { log: write('info'), warn: write('warn'), error: write('error') },
    { lines: 'problems', slowMs: 60_000 },
  );
  const server = new EdgeServer({
    gate,
    caller: new EdgeCaller(providers, streams),
    streams,
    tally,
    view,
    log,
    clock,
    scheduler,
    traceIds: new TraceIds(new SeededRandom(1)),
    limits: { ...LIMITS, ...limits },
  });
  const port = await server.listen('127.0.0.1', 0);
  return Object.assign(routes, { url: `http://127.0.0.1:${port}`, port, providers, tally, calls, server, lines });
}
