export type {
  Actor,
  ActorContext,
  ActorRecipe,
  AnyRecipe,
  AnswerIn,
  AnswerTo,
  AskOptions,
  Envelope,
  Receive,
  Received,
  Receiver,
  ReceiverMiddleware,
  ReceiveTimeoutOptions,
  Request,
  Sender,
  SenderMiddleware,
  Sending,
  Spawner,
  Spawning,
  SpawnMiddleware,
  Surroundings,
} from './local/actor.js';
export { ActorLog } from './local/actor-log.port.js';
export { ActorObserver } from './local/actor-observer.port.js';
export { Carrier } from './local/carrier.port.js';
export { ActorSystem, type ActorSystemOptions } from './local/actor-system.js';
export type { ActorNode, ActorState, ActorTree, TreeOptions } from './local/actor-tree.js';
export { DeadLetter, type DeadLetterReason } from './local/dead-letter.js';
export { NameTakenError } from './local/errors.js';
export type { EventStream, EventType } from './local/event-stream.js';
export type { Immutable } from './local/immutable.js';
export type {
  LifecycleMessage,
  ReceiveTimeout,
  Rejected,
  RejectedReason,
  Restarting,
  Started,
  Stopped,
  Stopping,
  Terminated,
  TerminatedReason,
} from './local/lifecycle-messages.js';
export { boundedMailbox, type Mailbox, priorityMailbox, unboundedMailbox } from './local/mailbox.js';
export type { MessageHeaders } from './local/message-headers.js';
export type { RootMiddleware } from './local/middleware.js';
export { type AnyPid, Pid, pidByName } from './local/pid.js';
export { Props } from './local/props.js';
export type { DispatchBudget } from './local/run-queue.js';
export {
  allForOne,
  type BackOffLimit,
  exponentialBackOff,
  oneForOne,
  type RestartLimit,
  restForOne,
} from './local/strategies.js';
export {
  type Decider,
  type Directive,
  type Failure,
  type SupervisedChild,
  SupervisionEvent,
  type SupervisionStrategy,
  type SupervisorView,
} from './local/supervision.js';
export type { Timers } from './local/timers.js';
export type { ActorWork } from './local/work-tally.js';
export { routerGroup, type RouterMessage, routerPool } from './routing/router.js';
export { RoutingFailed } from './routing/routing-failed.js';
export {
  type BacklogOf,
  broadcast,
  consistentHash,
  randomly,
  roundRobin,
  type RoutingStrategy,
  smallestMailbox,
} from './routing/strategies.js';
export { nextAddress } from './remote/addresses.js';
export {
  PeerNetwork,
  type Intake,
  type PeerConnection,
  type PeerGate,
  type Route,
  type RouteListener,
} from './remote/peer-network.port.js';
export { fromPid, toPid, type WirePid } from './remote/pid.mapper.js';
export { type PeerChange, Remote, type RemoteOptions } from './remote/remote.js';
export { type SpawnOptions } from './remote/remote-spawner.js';
export { WireMessages } from './remote/wire-messages.js';
export type { WireCodec } from './remote/wire-type.js';
export { Cluster, type ClusterOptions } from './cluster/cluster.js';
export { ClusterObserver, type PassivationReason, type RefusalReason } from './cluster/cluster-observer.port.js';
export type { GrainContext, GrainFactory, GrainHooks, GrainOptions } from './cluster/grain.js';
export type { GrainCallOptions } from './cluster/grain-caller.js';
export { type GrainCall, GrainClients } from './cluster/grain-clients.js';
export type { GrainClientClass, GrainCodec, GrainContract, GrainMethod } from './cluster/grain-contract.js';
export type { Member } from './cluster/member.js';
export { MemberFeed, type MemberListing } from './cluster/member-feed.port.js';
export type { ParkingLimits } from './cluster/parking-lot.js';
export { Peers } from './cluster/peers.port.js';
export type { Topic } from './cluster/topic.js';
export { type Topology, TopologyChanged } from './cluster/topology.js';
