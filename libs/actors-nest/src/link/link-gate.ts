import type { PeerGate } from '@rookery/actors';
import { ActorGate, type ActorIntake, type ActorPeer, type AnswerActors } from '@rookery/rpc';
import { addressOfProcess } from './process-address.js';

/** Hands what comes by links on to our actors. */
export class LinkGate extends ActorGate {
  constructor(private readonly gate: PeerGate) {
    super();
  }

  open(peer: ActorPeer, answer: AnswerActors, taken: () => void): ActorIntake | undefined {
    return this.gate.opened({ from: addressOfProcess(peer), answer, taken });
  }
}
