import { Injectable } from '@nestjs/common';
import type { GrainContract } from '@rookery/actors';
import type { CallContext, MethodDefinition } from '@rookery/contracts/nest';
import { followsNotOwner, notOwner, routingIdentity } from '@rookery/rpc';
import { DomainError } from '@rookery/runtime';
import { Grains } from '../grains.js';
import { LiveActors } from '../life/live-actors.js';
import { toHeaders } from './grain-caller.mapper.js';

/** Where calls by rpc come to grains. The grain is the one that the routing key of the request names. */
@Injectable()
export class GrainEntry {
  constructor(
    private readonly live: LiveActors,
    private readonly grains: Grains,
  ) {}

  /**
   * Calls the grain when it is this process's, or when the caller would not know what to do with word of its owner; throws
   * NOT_OWNER to all others.
   */
  call(contract: GrainContract, method: MethodDefinition, request: unknown, context: CallContext): Promise<unknown> {
    const identity = routingIdentity(method, request, undefined);
    if (identity === undefined) throw withoutKey(method);
    if (followsNotOwner(context)) this.requireOwner(contract, identity);
    return this.grains.call(contract, identity, method, request, { headers: toHeaders(context) });
  }

  private requireOwner(contract: GrainContract, identity: string): void {
    const { current } = this.live;
    // While another actor system takes over, nothing is this process's.
    if (current === undefined) throw notOwner('', '');
    const { cluster } = current;
    if (cluster.isOwner(contract, identity)) return;
    const { topology } = cluster;
    throw notOwner(topology.ownerOf(contract.name, identity)?.id ?? '', topology.version);
  }
}

function withoutKey({ path }: MethodDefinition): DomainError {
  const message = `${path} names no routing_key: only grain clients, which say which grain is meant, can call it`;
  return new DomainError('UNIMPLEMENTED', message, { kind: 'unimplemented' });
}
