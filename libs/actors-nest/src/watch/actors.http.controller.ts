import { BadRequestException, Controller, Get, Query, ServiceUnavailableException } from '@nestjs/common';
import type { ActorTree } from '@rookery/actors';
import { notStarted } from '../life/actor-generation.js';
import { LiveActors } from '../life/live-actors.js';

const SHOWN = 100;
const MOST_SHOWN = 1000;

interface ShownMember {
  readonly id: string;
  readonly address: string;
  /** Those that may be activated there; none while it leaves. */
  readonly kinds: readonly string[];
  /** Whether there is a connection to it; always true of the process that is asked. */
  readonly isUp: boolean;
}

interface ActorsView {
  readonly address: string;
  readonly tree: ActorTree;
  readonly cluster: {
    readonly topology: string;
    readonly members: readonly ShownMember[];
    /** Grains that are active in this process, by kind. */
    readonly activations: Readonly<Record<string, number>>;
  };
}

/** Shows the live actors of this process, and the cluster as it sees it. */
@Controller('actors')
export class ActorsHttpController {
  constructor(private readonly live: LiveActors) {}

  @Get()
  show(@Query('under') under?: unknown, @Query('limit') limit?: unknown): ActorsView {
    const { current, peers } = this.live;
    if (current === undefined) throw new ServiceUnavailableException(notStarted().message);
    const { cluster, system } = current;
    const members = cluster.topology.members.map(({ address, id, kinds }) => {
      return { id, address, kinds: [...kinds], isUp: peers.get(address) ?? true };
    });
    return {
      address: system.address,
      tree: system.tree({ limit: limitIn(limit), ...(under === undefined ? {} : { under: pathIn(under) }) }),
      cluster: {
        topology: cluster.topology.version,
        members,
        activations: Object.fromEntries(cluster.activationCounts),
      },
    };
  }
}

function limitIn(text: unknown): number {
  if (text === undefined) return SHOWN;
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MOST_SHOWN) return limit;
  throw new BadRequestException(`limit is a whole number from 1 to ${MOST_SHOWN}`);
}

function pathIn(text: unknown): string {
  if (typeof text === 'string') return text;
  throw new BadRequestException('under is the path of one actor');
}
