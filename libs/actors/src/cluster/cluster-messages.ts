import { actors } from '@rookery/contracts/messages';
import type { WireCodec } from '../remote/wire-type.js';

/** What members of a cluster say to each other, as it travels. */
export const clusterMessages: Readonly<Record<string, WireCodec>> = {
  $GrainRequest: actors.GrainRequest,
  $GrainResponse: actors.GrainResponse,
  $GrainFailure: actors.GrainFailure,
  $GrainNotStarted: actors.GrainNotStarted,
  $NotOwner: actors.NotOwner,
  $HandOver: actors.HandOver,
  $HandedOver: actors.HandedOver,
  $Release: actors.Release,
  $Released: actors.Released,
  $Leaving: actors.Leaving,
  $Left: actors.Left,
  $TopicDelivery: actors.TopicDelivery,
};
