import { BadGatewayException, Injectable, NotFoundException } from '@nestjs/common';
import { actorAddressOf, addressOfProcess } from '@rookery/actors-nest';
import type { Instance } from '@rookery/discovery';
import { InstanceClient } from '../presence/instance.client.js';
import { Listings } from '../presence/listings.js';
import { type ActorsAnswer, toActorsAnswer } from './actors-answer.mapper.js';

export interface ActorsPicture extends ActorsAnswer {
  readonly service: string;
  readonly instance: string;
}

export interface ActorsQuestion {
  readonly service: string;
  readonly instance: string;
  /** Shows the part under the actor of this path. */
  readonly under?: string | undefined;
}

/** Actors that are shown, those nearest to the root first. */
const SHOWN = 200;

/** The actors of one listed instance, asked of it now. Throws Nest's HTTP exceptions, with words for people. */
@Injectable()
export class ActorsQuery {
  constructor(
    private readonly listings: Listings,
    private readonly client: InstanceClient,
  ) {}

  async execute(question: ActorsQuestion): Promise<ActorsPicture> {
    const instance = this.listed(question);
    if (actorAddressOf(instance) === undefined) throw withoutActors(instance);
    const { under } = question;
    const search = new URLSearchParams({ limit: String(SHOWN), ...(under === undefined ? {} : { under }) });
    const { status, text } = await this.client.get(instance, `/actors?${search.toString()}`);
    if (status === 404) throw withoutActors(instance);
    if (status !== 200) throw new BadGatewayException(`${instance.id} answered ${status} instead of its actors`);
    return { service: instance.service, instance: instance.id, ...readAnswer(instance, text) };
  }

  /** An address that is listed no more may be another's by now. */
  private listed({ instance: instanceId, service }: ActorsQuestion): Instance {
    const listing = this.listings.get({ service, instanceId });
    if (listing !== undefined && listing.unlistedAt === undefined) return listing.instance;
    throw new NotFoundException(`the registry lists no instance ${instanceId} of ${service}`);
  }
}

function readAnswer(instance: Instance, text: string): ActorsAnswer {
  const answer = answerIn(instance, text);
  const { id: instanceId, incarnation, service } = instance;
  if (answer.address.startsWith(addressOfProcess({ service, instanceId, incarnation }))) return answer;
  throw new BadGatewayException(`another process than ${instanceId} answers at its address`);
}

function answerIn({ id }: Instance, text: string): ActorsAnswer {
  try {
    return toActorsAnswer(text, SHOWN);
  } catch (cause) {
    throw new BadGatewayException(`${id} answered something else than its actors`, { cause });
  }
}

function withoutActors({ id }: Instance): NotFoundException {
  return new NotFoundException(`${id} has no actors`);
}
