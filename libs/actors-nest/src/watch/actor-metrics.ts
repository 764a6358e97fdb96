import { Injectable } from '@nestjs/common';
import type { ActorNode } from '@rookery/actors';
import { Metrics } from '@rookery/telemetry';
import { ActorSurroundings } from '../life/actor-surroundings.js';
import { LiveActors } from '../life/live-actors.js';

/** Actors whose mailboxes a scrape looks at, those nearest to the root first. */
const MAILBOXES = 1000;

/** Puts the actors of this process on /metrics. What is shown is counted anyway, or read when somebody scrapes. */
@Injectable()
export class ActorMetrics {
  constructor(
    private readonly metrics: Metrics,
    private readonly live: LiveActors,
    surroundings: ActorSurroundings,
  ) {
    this.countLives(surroundings);
    this.countWork();
    this.measureNow();
  }

  private countLives({ tally }: ActorSurroundings): void {
    this.metrics.registerCounter({
      name: 'rookery_actors_spawned_total',
      help: 'Actors that were started, those of grains included.',
      read: () => tally.spawnedCount,
    });
    this.metrics.registerCounter({
      name: 'rookery_actors_restarted_total',
      help: 'Actors that were made again after a failure.',
      read: () => tally.restartedCount,
    });
    this.metrics.registerCounter({
      name: 'rookery_actors_stopped_total',
      help: 'Actors that have ended.',
      read: () => tally.stoppedCount,
    });
    this.metrics.registerCounter({
      name: 'rookery_actors_dead_letters_total',
      help: 'Messages that reached nobody, by why.',
      labels: ['reason'],
      read: () => Array.from(tally.letters, ([reason, value]) => ({ labels: { reason }, value })),
    });
  }

  private countWork(): void {
    this.metrics.registerCounter({
      name: 'rookery_actors_messages_handled_total',
      help: 'Messages that actors have handled; a start counts as one.',
      read: () => this.live.work.messages,
    });
    this.metrics.registerCounter({
      name: 'rookery_actors_busy_seconds_total',
      help: 'How long handlers have kept the event loop, estimated from every sixteenth round.',
      read: () => this.live.work.busyMs / 1000,
    });
    this.metrics.registerCounter({
      name: 'rookery_actors_renewals_total',
      help: 'How often the actors began anew because other processes had given them up.',
      read: () => this.live.renewals,
    });
  }

  private measureNow(): void {
    this.metrics.registerGauge({
      name: 'rookery_actors_alive',
      help: 'Actors that are there now.',
      read: () => this.live.current?.system.tree({ limit: 1 }).actorCount ?? 0,
    });
    this.metrics.registerGauge({
      name: 'rookery_actors_longest_mailbox',
      help: 'Messages in the longest mailbox, among the 1000 actors nearest to the root.',
      read: () => longestOf(this.live.current?.system.tree({ limit: MAILBOXES }).roots ?? []),
    });
    this.metrics.registerGauge({
      name: 'rookery_actors_peers',
      help: 'Other members of the cluster, by whether there is a connection to them: up or down.',
      labels: ['state'],
      read: () => {
        const states = [...this.live.peers.values()];
        const up = states.filter((isUp) => isUp).length;
        return [
          { labels: { state: 'up' }, value: up },
          { labels: { state: 'down' }, value: states.length - up },
        ];
      },
    });
  }
}

function longestOf(nodes: readonly ActorNode[]): number {
  let longest = 0;
  for (const { children, mailboxLength } of nodes) longest = Math.max(longest, mailboxLength, longestOf(children));
  return longest;
}
