import { type Cancellable, type Clock, DomainError, type Random, type Scheduler } from '@rookery/runtime';
import type { DiscoveryObserver } from '../discovery-observer.port.js';
import { NamesFeed } from '../names-feed.js';
import { isSameList, type RegistryAnswer, SnapshotFeed } from '../snapshot-feed.js';
import type { SnapshotStore } from '../snapshot.store.js';
import { isSameAnswer, toAnswer } from './answer.mapper.js';
import { BlockingQuery } from './blocking-query.js';
import type { ConsulAnswer, ConsulClient, ConsulQuery } from './consul.client.js';

/** A registry that has said nothing for this long at the start is down as far as callers are concerned. */
const RECALL_MS = 1_000;

export interface WatchContext {
  readonly client: ConsulClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly observer: DiscoveryObserver;
  readonly store: SnapshotStore | undefined;
  readonly waitMs: number;
  readonly repairMs: number;
  readonly graceMs: number;
  /** Everything that is watched through this client. */
  readonly feeds: Set<{ doubt(): void }>;
}

/** What both kinds of feed can be told. */
interface Feed<T> {
  isSuddenlyEmpty(content: T): boolean;
  accept(content: T): void;
  interrupt(isAnswering?: boolean): void;
  doubt(): void;
  close(): void;
}

/** One question to Consul, kept up for as long as somebody listens to its feed. */
export class ServiceWatch<F> {
  private constructor(
    readonly feed: F,
    private readonly end: () => void,
  ) {}

  static instances(service: string, context: WatchContext, onUnused: () => void): ServiceWatch<SnapshotFeed> {
    const feed = new SnapshotFeed({ ...context, service, onUnused });
    const ask = askInstances(service, context);
    const recall = async (): Promise<void> => feed.recall(await context.store?.readSnapshot(service));
    return ServiceWatch.open<RegistryAnswer, SnapshotFeed>(service, context, feed, {
      ask,
      isSame: isSameAnswer,
      recall,
    });
  }

  static names(context: WatchContext, onUnused: () => void): ServiceWatch<NamesFeed> {
    const feed = new NamesFeed({ ...context, onUnused });
    const ask = (query: ConsulQuery): Promise<ConsulAnswer<readonly string[]>> => askNames(context, query);
    const recall = async (): Promise<void> => feed.recall((await context.store?.readNames())?.names);
    return ServiceWatch.open<readonly string[], NamesFeed>('', context, feed, { ask, isSame: isSameList, recall });
  }

  close(): void {
    this.end();
  }

  private static open<T, F extends Feed<T>>(
    service: string,
    context: WatchContext,
    feed: F,
    kind: {
      readonly ask: (query: ConsulQuery) => Promise<ConsulAnswer<T>>;
      readonly isSame: (one: T, other: T) => boolean;
      readonly recall: () => Promise<void>;
    },
  ): ServiceWatch<F> {
    const { observer, scheduler } = context;
    const { ask, isSame, recall } = kind;
    const lateRecall: Cancellable = scheduler.timer(RECALL_MS, () => void recall());
    context.feeds.add(feed);
    const query = new BlockingQuery<T>({
      ...context,
      ask,
      isSame,
      onAnswer: async (content, signal) => {
        lateRecall.cancel();
        const confirmed = feed.isSuddenlyEmpty(content) ? (await ask({ isConsistent: true, signal })).content : content;
        if (!signal.aborted) feed.accept(confirmed);
      },
      onRestarted: () => feed.interrupt(true),
      onFailure: (error, failures) => {
        feed.interrupt();
        if (failures === 1 && isOutage(error)) for (const other of context.feeds) other.doubt();
        observer.observe({ type: 'query-failed', service, error, failures });
        if (failures === 1) void recall();
      },
      onRepaired: () => observer.observe({ type: 'watch-repaired', service }),
    });
    query.start();
    return new ServiceWatch(feed, () => {
      lateRecall.cancel();
      query.stop();
      context.feeds.delete(feed);
      feed.close();
      observer.observe({ type: 'watch-ended', service });
    });
  }
}

/** One that concerns all queries: those that were pausing meanwhile have not noticed that the registry may have lost its memory. */
function isOutage(error: Error): boolean {
  return error instanceof DomainError && error.code === 'REGISTRY_UNAVAILABLE';
}

/** Asks for a service's instances; what is refused is observed once, not with every answer. */
export function askInstances(
  service: string,
  { client, observer }: WatchContext,
): (query: ConsulQuery) => Promise<ConsulAnswer<RegistryAnswer>> {
  let refusedBefore = new Set<string>();
  return async (query) => {
    const { index, content } = await client.serviceEntries(service, query);
    const refused = new Set<string>();
    const answer = toAnswer(content, (instanceId, error) => {
      refused.add(instanceId);
      if (!refusedBefore.has(instanceId)) observer.observe({ type: 'instance-refused', service, instanceId, error });
    });
    refusedBefore = refused;
    return { index, content: answer };
  };
}

async function askNames({ client }: WatchContext, query: ConsulQuery): Promise<ConsulAnswer<readonly string[]>> {
  const { index, content } = await client.serviceNames(query);
  // Consul's servers list themselves under this name.
  return { index, content: content.filter((name) => name !== 'consul').sort() };
}
