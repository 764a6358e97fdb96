import type { ChannelCallOptions, Principal } from '@rookery/rpc';
import type { Clock, Random, Scheduler } from '@rookery/runtime';

import type { Exchange } from '../edge/exchange.js';
import type { ProviderCaller } from '../edge/provider-caller.port.js';
import type { VersionChoice } from '../routing/version-choice.js';
import { acceptedFormat } from './accepted-format.js';
import { EdgeStream } from './edge-stream.js';
import { hasSeenEnd, serverSentEvents } from './server-sent-events.js';
import { StreamBody } from './stream-body.js';
import type { StreamFormat } from './stream-format.js';
import { type PlaceLimits, StreamPlaces } from './stream-places.js';
import type { StreamOutcome, StreamProgress } from './stream-progress.js';
import type { StreamTally } from './stream-tally.js';

export interface StreamLimits extends PlaceLimits {
  readonly longestMs: number;
  /** After so long without a message there is a sign of life; the next one at most twice as late. */
  readonly beatMs: number;
}

export interface StreamPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly scheduler: Scheduler;
}

/** Clients that are told to come back do so within this span, at random. */
const PAUSE_MS = { least: 500, spread: 2000 };
/** On shutdown a client gets so long to take what waits for it. */
const LAST_WORD_MS = 3000;

/** All streams that are open to clients. */
export class EdgeStreams {
  private readonly running = new Set<EdgeStream>();
  private readonly places: StreamPlaces;
  private isClosing = false;

  constructor(
    private readonly providers: Pick<ProviderCaller, 'stream'>,
    private readonly tally: StreamTally,
    private readonly limits: StreamLimits,
    private readonly ports: StreamPorts,
  ) {
    this.places = new StreamPlaces(limits);
  }

  /** Answers with what the provider streams. Throws ProblemError or DomainError when it may not begin. */
  start(exchange: Exchange, service: string, { offer, message }: VersionChoice, options: ChannelCallOptions): void {
    const { headers } = exchange.request;
    const format = acceptedFormat(headers.accept);
    if (format === serverSentEvents && hasSeenEnd(headers)) {
      exchange.finish(204, {});
      return;
    }
    const principal = exchange.admission?.principal;
    const stream = this.streamOf(exchange, format, this.places.take(principal?.subject));
    this.limit(stream, principal);
    stream.run((signal) => this.providers.stream(service, offer.method, message, { ...options, signal }));
    if (this.isClosing) stream.reconnect('DRAINING');
  }

  /** Ends every stream in order, and from now on each new one at its beginning. Resolves when their clients have all of it. */
  async close(): Promise<void> {
    this.isClosing = true;
    const last = [...this.running];
    for (const stream of last) stream.reconnect('DRAINING');
    const patience = this.ports.scheduler.timer(LAST_WORD_MS, () => last.forEach((stream) => stream.cut()));
    await Promise.all(last.map((stream) => stream.sent()));
    patience.cancel();
  }

  private streamOf(exchange: Exchange, format: StreamFormat, giveBack: () => void): EdgeStream {
    const { clock, scheduler, random } = this.ports;
    const progress: StreamProgress = { messages: 0, openedAt: undefined, outcome: undefined };
    exchange.stream = progress;
    const stream: EdgeStream = new EdgeStream({
      exchange,
      progress,
      format,
      scheduler,
      body: new StreamBody(exchange, format, progress, clock, () => stream.cut()),
      beatMs: this.limits.beatMs,
      pauseMs: () => PAUSE_MS.least + random.int(PAUSE_MS.spread),
      onMessage: () => this.tally.messages++,
      onOver: (outcome) => this.over(stream, outcome, giveBack),
    });
    this.running.add(stream);
    this.tally.open++;
    return stream;
  }

  private over(stream: EdgeStream, outcome: StreamOutcome, giveBack: () => void): void {
    this.running.delete(stream);
    this.tally.end(outcome);
    giveBack();
  }

  /** A stream may not outlive what its caller was let in by. */
  private limit(stream: EdgeStream, principal: Principal | undefined): void {
    const { longestMs } = this.limits;
    const now = this.ports.clock.now();
    const trustedMs = principal === undefined ? Infinity : Math.max(0, principal.expiresAt * 1000 - now);
    if (trustedMs < longestMs) stream.limit(trustedMs, 'TOKEN_EXPIRED');
    else stream.limit(longestMs, 'TIME_LIMIT');
  }
}
